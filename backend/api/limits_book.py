"""What each user may use: the settings' limits, and over them what was set for the user."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db.unit_of_work import UnitOfWork
from backend.db.user_limits import read_limits
from backend.errors import Unavailable
from backend.limits import UserLimits
from backend.settings import Settings
from backend.telemetry.logging import get_logger

_log = get_logger("offstage.api")

REMEMBERED_S = 20.0
"""A user's limits are read again after this."""
_KNOWN_AT_MOST = 10_000


@dataclass(frozen=True)
class _Known:
    limits: UserLimits
    until: float


class LimitsBook:
    """Looks a user's limits up in the database, and for `REMEMBERED_S` in its own memory."""

    def __init__(
        self, engine: AsyncEngine, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._defaults = settings.user_limits()
        self._clock = clock
        self._known: dict[str, _Known] = {}

    async def of(self, user_id: str) -> UserLimits:
        """With the database away, what is known of the user, or else the settings' limits."""
        known = self._known.get(user_id)
        if known is not None and self._clock() < known.until:
            return known.limits
        try:
            limits = await self._read(user_id)
        except Unavailable:
            return known.limits if known else UserLimits.parse(self._defaults)
        # Anew at the end: the first in the dictionary is the one read longest ago.
        self._known.pop(user_id, None)
        self._known[user_id] = _Known(limits, self._clock() + REMEMBERED_S)
        if len(self._known) > _KNOWN_AT_MOST:
            del self._known[next(iter(self._known))]
        return limits

    async def _read(self, user_id: str) -> UserLimits:
        async with UnitOfWork(self._engine, read_only=True) as uow:
            own = await read_limits(uow, user_id)
        try:
            return UserLimits.parse(own.over(self._defaults))
        except ValueError as error:
            # Somebody else than our own command wrote them.
            _log.error("limits of a user can't be read", user=user_id, why=str(error))
            return UserLimits.parse(self._defaults)
