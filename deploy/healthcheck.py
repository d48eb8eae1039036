"""Exits with 0 if this container's service is well: `healthcheck.py api` or `… worker`.

The API answers /healthz; a worker has renewed its entry in Redis, which expires when it hangs.
"""

from __future__ import annotations

import http.client
import os
import socket
import sys

import redis


def api_answers() -> bool:
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ["OFFSTAGE_PORT"]), timeout=3
    )
    connection.request("GET", "/healthz", headers={"Host": "localhost"})
    return connection.getresponse().status == http.client.OK


def worker_beats() -> bool:
    queue = os.environ.get("AGENT_QUEUE", "agents")
    with redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=3) as client:
        workers = client.smembers(f"rq:workers:{queue}")
        here = socket.gethostname().encode()
        return any(client.hget(worker, "hostname") == here for worker in workers)


def main() -> None:
    well = {"api": api_answers, "worker": worker_beats}[sys.argv[1]]
    try:
        sys.exit(0 if well() else "it doesn't say that it is well")
    except (OSError, http.client.HTTPException, redis.RedisError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
