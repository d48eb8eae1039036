"""The ways to tell who is asking, one for each AUTH_MODE."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Scope

from backend.api.auth.caller import Caller
from backend.api.auth.credentials import sent_token
from backend.api.auth.jwks import KeySet
from backend.api.auth.jwt import JwtChecker
from backend.api.auth.tokens import TokenChecker
from backend.domain.users import LOCAL_USER
from backend.settings import Settings


class TokenCheck(Protocol):
    """Finds out whom a token speaks for."""

    async def identify(self, token: str) -> Caller:
        """Raises TokenRefused, and Unavailable if that can't be found out now."""

    async def aclose(self) -> None:
        """Let go of what is open."""


class Authenticator:
    """Tells who sent a request. Without `check` everybody is the one local user."""

    def __init__(self, check: TokenCheck | None) -> None:
        self.check = check

    async def identify(self, scope: Scope) -> Caller:
        """Raises Unauthenticated or TokenRefused, and Unavailable."""
        if self.check is None:
            return Caller(LOCAL_USER)
        return await self.check.identify(sent_token(scope))

    async def aclose(self) -> None:
        """Let go of what is open."""
        if self.check is not None:
            await self.check.aclose()


def create_authenticator(settings: Settings, engine: AsyncEngine) -> Authenticator:
    """The one that `settings` ask for; `settings.unsupported()` has been looked at."""
    if settings.auth_mode == "token":
        return Authenticator(TokenChecker(engine))
    if settings.auth_mode == "jwt":
        return Authenticator(
            JwtChecker(
                KeySet(str(settings.auth_jwt_jwks_url)),
                audience=str(settings.auth_jwt_audience),
                issuer=str(settings.auth_jwt_issuer),
            )
        )
    return Authenticator(None)
