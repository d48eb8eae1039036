"""Submits the same run many times at once: `submitter REDIS_URL SESSION HOW_OFTEN [KEY]`.

Prints for each the job's id, whether it was deduplicated, and whether the answer is a replay.
"""

from __future__ import annotations

import asyncio
import sys

from backend.settings import Settings
from backend.worker.submission import Once, Submission
from tests.fixtures.offstage import USER, open_jobs


async def main(redis_url: str, session_id: str, times: str, key: str = "") -> None:
    settings = Settings(_env_file=None, redis_url=redis_url)
    async with open_jobs(settings) as jobs:
        wanted = Submission("smoke", "v1", session_id, USER, query={})
        once = Once(key, "digest") if key else None
        submits = (jobs.queue.submit(wanted, once) for _ in range(int(times)))
        for accepted in await asyncio.gather(*submits):
            told = (accepted.job_id, accepted.deduplicated, accepted.replayed)
            sys.stdout.write(" ".join(map(str, told)) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
