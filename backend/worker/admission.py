"""Limits for runs within a request: they count like jobs, so that they are no way around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from backend.limits import UserLimits, parse_fleet_concurrency
from backend.settings import Settings
from backend.worker import keys
from backend.worker.job import JobPayload
from backend.worker.limiting import Terms
from backend.worker.redis_client import redis_errors
from backend.worker.scripts import Scripts

# For a process that dies within the run.
_KEPT_LONGER_S = 60


@asynccontextmanager
async def admitted(
    redis: Redis, settings: Settings, payload: JobPayload, limits: UserLimits
) -> AsyncIterator[str]:
    """Count the run in its user's rates and reserve for it; settle it on the way out.

    Gives the key of its account, '' without a budget. It takes a place in each of its shares, and
    as nobody can hold it back, it is refused where there is none left.
    Raises RateLimited, TooManyAtOnce, BudgetExceeded and Unavailable.
    """
    fleet_caps = parse_fleet_concurrency(settings.agent_fleet_concurrency)
    terms = Terms(payload.user_id, payload.agent, limits, fleet_caps)
    said = terms.as_json
    if not said:
        yield ""
        return
    scripts, key = Scripts(redis), keys.account_key(payload.job_id)
    kept_s = int(settings.agent_job_timeout) + _KEPT_LONGER_S
    with redis_errors():
        answer = await scripts.admit(
            [key, payload.agent_name, said, kept_s, settings.agent_queue, payload.user_id]
        )
    terms.require_admitted(answer)
    try:
        yield key if answer[1] else ""
    finally:
        with redis_errors():
            await scripts.settle_account([key, settings.agent_queue])
