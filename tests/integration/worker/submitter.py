"""Submits the same run many times at once: `submitter REDIS_URL SESSION HOW_OFTEN`."""

from __future__ import annotations

import asyncio
import sys

from backend.settings import Settings
from backend.worker.queue import JobQueue, Submission
from backend.worker.redis_client import connect_for_work


async def main(redis_url: str, session_id: str, times: str) -> None:
    redis = connect_for_work(redis_url)
    queue = JobQueue(redis, Settings(_env_file=None, redis_url=redis_url))
    wanted = Submission("smoke", "v1", session_id, "local", query={})
    for accepted in await asyncio.gather(*(queue.submit(wanted) for _ in range(int(times)))):
        sys.stdout.write(f"{accepted.job_id} {accepted.deduplicated}\n")
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
