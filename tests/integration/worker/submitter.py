"""Submits the same run many times at once: `submitter REDIS_URL SESSION HOW_OFTEN`."""

from __future__ import annotations

import asyncio
import sys

from backend.settings import Settings
from tests.fixtures.offstage import open_jobs


async def main(redis_url: str, session_id: str, times: str) -> None:
    settings = Settings(_env_file=None, redis_url=redis_url)
    async with open_jobs(settings) as jobs:
        submits = (jobs.submit("smoke", session_id) for _ in range(int(times)))
        for accepted in await asyncio.gather(*submits):
            sys.stdout.write(f"{accepted.job_id} {accepted.deduplicated}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
