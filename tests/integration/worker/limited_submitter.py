"""Submits jobs of one user under a rate: `limited_submitter REDIS_URL NAME HOW_MANY RATES`.

Prints `accepted` or the error's code for each.
"""

from __future__ import annotations

import asyncio
import sys

from backend.errors import RateLimited
from backend.limits import LimitTexts, UserLimits
from backend.settings import Settings
from backend.worker.queue import JobQueue
from backend.worker.redis_client import connect_for_work
from backend.worker.submission import Submission


async def main(redis_url: str, name: str, how_many: str, rates: str) -> None:
    redis = connect_for_work(redis_url)
    queue = JobQueue(redis, Settings(_env_file=None, redis_url=redis_url))
    limits = UserLimits.parse(LimitTexts(rates=rates))

    async def submit(number: int) -> str:
        wanted = Submission("smoke", "v1", f"{name}-{number}", "anna", query={})
        try:
            await queue.submit(wanted, limits=limits)
        except RateLimited as refused:
            return refused.code
        return "accepted"

    for told in await asyncio.gather(*(submit(number) for number in range(int(how_many)))):
        sys.stdout.write(f"{told}\n")
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
