"""AUTH_MODE=token: tokens that Offstage made and keeps the digests of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from backend.api.auth.caller import Caller
from backend.db.column_types import utc_now
from backend.db.unit_of_work import UnitOfWork
from backend.db.users import StoredToken, find_token, note_use
from backend.domain.tokens import digest_of, is_token
from backend.errors import TokenRefused, Unavailable

TRUSTED_S = 5.0
"""A token that counted is asked for again after this, so a revoked one is let in that long."""
_KNOWN_AT_MOST = 10_000
_USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class _Known:
    token: StoredToken
    until: float


class TokenChecker:
    """Looks tokens up in the database, and for `TRUSTED_S` in its own memory.

    Only tokens that count are remembered: an unknown, a revoked and an expired one each cost the
    same one query, every time.
    """

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._noting: dict[str, asyncio.Task[None]] = {}

    async def identify(self, token: str) -> Caller:
        """The token's user. Raises TokenRefused, and Unavailable with the database away."""
        if not is_token(token):
            raise TokenRefused
        stored = await self._look_up(digest_of(token))
        return Caller(stored.user_id, stored.expires_at, recheck=partial(self.identify, token))

    async def aclose(self) -> None:
        """Wait for what is still being written."""
        await asyncio.gather(*self._noting.values())

    async def _look_up(self, digest: str) -> StoredToken:
        known = self._known.get(digest)
        if known is not None and self._clock() < known.until and known.token.is_valid_at(utc_now()):
            return known.token
        asked_at = self._clock()
        async with UnitOfWork(self._engine, read_only=True) as uow:
            stored = await find_token(uow, digest)
        # Anew at the end: the first in the dictionary is the one asked for longest ago.
        self._known.pop(digest, None)
        if stored is None or not stored.is_valid_at(utc_now()):
            raise TokenRefused
        self._known[digest] = _Known(stored, until=asked_at + TRUSTED_S)
        if len(self._known) > _KNOWN_AT_MOST:
            del self._known[next(iter(self._known))]
        self._note_use(stored)
        return stored

    def _note_use(self, stored: StoredToken) -> None:
        """Write down, now and then and behind the request's back, that the token is in use."""
        now = utc_now()
        is_noted = stored.last_used_at is not None and now - stored.last_used_at < _USE_NOTED_EVERY
        if is_noted or stored.id in self._noting:
            return

        async def write() -> None:
            try:
                async with UnitOfWork(self._engine) as uow:
                    await note_use(uow, stored.id, now)
                    await uow.commit()
            except Unavailable:
                return  # the next look-up tries again

        task = self._noting[stored.id] = asyncio.create_task(write())
        task.add_done_callback(lambda _task: self._noting.pop(stored.id, None))
