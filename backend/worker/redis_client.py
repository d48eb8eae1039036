"""Redis clients, by how long their users can wait for a Redis that is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from backend.errors import Misconfigured, Unavailable
from backend.telemetry.logging import get_logger, where
from backend.worker.request_connections import RequestPool

_log = get_logger("offstage.redis")
# What a connection raises while Redis restarts, loads its file or isn't reachable.
REDIS_AWAY = (RedisConnectionError, RedisTimeoutError, OSError)
# Within a second a request is answered, if it is that Redis is away.
REQUESTS_WAIT_S = 0.8


def connect_for_requests(dsn: str) -> Redis:
    """For HTTP handlers: gives up within a second, since somebody waits for the answer."""
    pool = RequestPool.from_url(
        dsn,
        max_connections=64,
        gives_up_after_s=REQUESTS_WAIT_S,
        # A second try would take a second time; a connection that broke while idle is noticed
        # when it is taken from the pool.
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)


def connect_for_work(dsn: str) -> Redis:
    """For workers: each command tries for about four seconds, its caller goes on from there."""
    pool = BlockingConnectionPool.from_url(
        dsn,
        max_connections=32,
        timeout=30,
        socket_connect_timeout=2,
        socket_timeout=10,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 10),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
    )
    return Redis.from_pool(pool)


def connect_for_listening(dsn: str) -> Redis:
    """One connection that listens for good; its user reconnects."""
    return Redis.from_url(
        dsn,
        max_connections=1,
        socket_connect_timeout=2,
        socket_timeout=10,
        retry=Retry(NoBackoff(), 0),
    )


def is_full(error: Exception) -> bool:
    """Whether Redis refused to write because it has no memory left, in a script or not."""
    return isinstance(error, ResponseError) and "OOM" in str(error)


@contextmanager
def redis_errors() -> Iterator[None]:
    """Turn Redis' errors into ours: away or full is Unavailable. Never repeats its address.

    Why it counts as away is for the operator, in the log.
    """
    try:
        yield
    except REDIS_AWAY as error:
        _log.warning("Redis can't be reached", **where(error))
        raise Unavailable(
            "The job queue (Redis) can't be reached right now. Try again.", retry_after_s=2
        ) from None
    except ResponseError as error:
        if is_full(error):
            raise Unavailable(
                "The job queue (Redis) has no memory left. Try again later.", retry_after_s=30
            ) from None
        raise Unavailable("The job queue (Redis) refused a command.", retry_after_s=5) from None
    except RedisError:
        raise Unavailable("The job queue (Redis) failed. Try again.", retry_after_s=2) from None


async def read_hash(redis: Redis, key: str) -> dict[bytes, bytes]:
    """A hash whole, as bytes; empty if there is none."""
    return cast("dict[bytes, bytes]", await redis.hgetall(key))


async def require_noeviction(redis: Redis) -> None:
    """Refuse a Redis that may throw accepted jobs away when it is full.

    Raises Misconfigured. A managed Redis that hides its configuration is taken at its word.
    """
    try:
        policy = (await redis.config_get("maxmemory-policy")).get("maxmemory-policy", "noeviction")
    except ResponseError:
        return
    if policy != "noeviction":
        raise Misconfigured(
            f"Redis has maxmemory-policy {policy}: it would drop accepted jobs when it is full. "
            "Set it to noeviction."
        )
