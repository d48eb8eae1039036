"""What is left of a user's day for one run, kept in Redis with the user's others."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from backend.worker.patience import patiently
from backend.worker.redis_client import redis_errors
from backend.worker.scripts import Scripts

_REDIS_MAY_BE_AWAY_S = 30
_MICROS = Decimal(1_000_000)


def in_micros(usd: Decimal) -> int:
    """Dollars in millionths, as budgets are counted in Redis."""
    return int((usd * _MICROS).to_integral_value(rounding=ROUND_UP))


class DayAllowance:
    """The account of one run that has a budget, in the hash at `key`."""

    def __init__(self, scripts: Scripts, key: str) -> None:
        self._scripts = scripts
        self._key = key

    async def charge(self, tokens: int, cost_usd: Decimal) -> bool:
        """Count what was used; False if the day has nothing left. Raises Unavailable.

        Asked again because an answer got lost, Redis may count it twice: too much rather than too
        little.
        """
        async for attempt in patiently(_REDIS_MAY_BE_AWAY_S):
            with attempt, redis_errors():
                return await self._scripts.charge([self._key, tokens, in_micros(cost_usd)])
        raise AssertionError("the last attempt returns or raises")
