"""Submits a run many times at once: `submitter REDIS_URL SESSION,… HOW_OFTEN [KEY [TOGETHER]]`.

One session after the other; with TOGETHER, each as soon as so many processes are ready for it.
Prints for each submit the job's id, whether it was deduplicated, whether the answer is a replay,
and the session.
"""

from __future__ import annotations

import asyncio
import sys

from redis.asyncio import Redis

from backend.settings import Settings
from backend.worker.queue import JobQueue
from backend.worker.redis_client import connect_for_work
from backend.worker.submission import Once, Submission


async def main(
    redis_url: str, sessions: str, times: str, key: str = "", together: str = "1"
) -> None:
    redis = connect_for_work(redis_url)
    queue = JobQueue(redis, Settings(_env_file=None, redis_url=redis_url))
    once = Once(key, "digest") if key else None
    for session_id in sessions.split(","):
        wanted = Submission("smoke", "v1", session_id, "local", query={})
        submits = [queue.submit(wanted, once) for _ in range(int(times))]
        if int(together) > 1:
            await _wait_for_all(redis, session_id, int(together))
        for accepted in await asyncio.gather(*submits):
            told = (accepted.job_id, accepted.deduplicated, accepted.replayed, session_id)
            sys.stdout.write(" ".join(map(str, told)) + "\n")
    await redis.aclose()


async def _wait_for_all(redis: Redis, session_id: str, number: int) -> None:
    """The last one to come lets all of them go."""
    if await redis.incr(f"test:ready:{session_id}") == number:
        await redis.rpush(f"test:go:{session_id}", *["go"] * number)
    assert await redis.blpop([f"test:go:{session_id}"], timeout=9)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
