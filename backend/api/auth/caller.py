"""Who is asking, as handlers see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.types import Scope

from backend.errors import Unauthenticated, Unavailable

_CALLER = "offstage.caller"


async def _nothing_to_check() -> None:
    """With AUTH_MODE=local the one user is always let in."""


@dataclass(frozen=True)
class Caller:
    """A user who was let in. `recheck` raises what letting in again would raise."""

    user_id: str
    expires_at: datetime | None = None
    recheck: Callable[[], Awaitable[object]] = field(
        default=_nothing_to_check, repr=False, compare=False
    )

    async def still_valid(self) -> bool:
        """Whether what the caller signed in with still counts; for answers that last.

        Cheap enough to be asked every few seconds, and never raises: while the database can't
        say whether a token was revoked, the last answer stands until the token expires. Asked
        every 20 s, a stream ends within 25 s of its token's being revoked.
        """
        if self.expires_at is not None and datetime.now(UTC) >= self.expires_at:
            return False
        try:
            await self.recheck()
        except Unauthenticated:
            return False
        except Unavailable:
            return True
        return True


def remember_caller(scope: Scope, caller: Caller) -> None:
    """For `caller_of`, further in."""
    scope[_CALLER] = caller


def caller_of(scope: Scope) -> Caller:
    """Who sent this request. Raises Unauthenticated if nobody found out."""
    caller = scope.get(_CALLER)
    if not isinstance(caller, Caller):
        raise Unauthenticated("Sign in first.")
    return caller
