"""Submits the same run many times at once: `submitter REDIS_URL SESSION HOW_OFTEN [KEY]`.

Prints for each the job's id, whether it was deduplicated, and whether the answer is a replay.
"""

from __future__ import annotations

import asyncio
import sys

from backend.settings import Settings
from backend.worker.queue import JobQueue
from backend.worker.redis_client import connect_for_work
from backend.worker.submission import Once, Submission


async def main(redis_url: str, session_id: str, times: str, key: str = "") -> None:
    redis = connect_for_work(redis_url)
    queue = JobQueue(redis, Settings(_env_file=None, redis_url=redis_url))
    wanted = Submission("smoke", "v1", session_id, "local", query={})
    once = Once(key, "digest") if key else None
    for accepted in await asyncio.gather(*(queue.submit(wanted, once) for _ in range(int(times)))):
        sys.stdout.write(f"{accepted.job_id} {accepted.deduplicated} {accepted.replayed}\n")
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
