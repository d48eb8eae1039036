"""AUTH_MODE=jwt: tokens that an identity provider signed (RFC 7519, RFC 8725)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import jwt

from backend.api.auth.caller import Caller
from backend.api.auth.jwks import KeySet, VerifyingKey
from backend.domain.users import user_id_of_subject
from backend.errors import TokenRefused

_CLOCKS_DIFFER_S = 30
_LONGEST_SUBJECT = 255  # OpenID Connect Core, section 2
_REQUIRED = ["exp", "iss", "aud", "sub"]


class JwtChecker:
    """Checks signature, audience, issuer and times. `sub` becomes the user's id."""

    def __init__(self, keys: KeySet, *, audience: str, issuer: str) -> None:
        self._keys = keys
        self._audience = audience
        self._issuer = issuer

    async def identify(self, token: str) -> Caller:
        """The token's subject. Raises TokenRefused, and Unavailable without the issuer's keys."""
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = await self._keys.find(key_id)
            claims = self._verified(token, key)
            expires_at = datetime.fromtimestamp(int(claims["exp"]) + _CLOCKS_DIFFER_S, UTC)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError, RecursionError):
            raise TokenRefused from None
        subject = claims["sub"]
        if not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise TokenRefused
        return Caller(
            user_id_of_subject(subject), expires_at, recheck=partial(self.identify, token)
        )

    async def aclose(self) -> None:
        await self._keys.aclose()

    def _verified(self, token: str, key: VerifyingKey) -> dict[str, Any]:
        return jwt.decode(
            token,
            key.key,
            # What the key is for, never what the token says of itself.
            algorithms=list(key.algorithms),
            audience=self._audience,
            issuer=self._issuer,
            leeway=_CLOCKS_DIFFER_S,
            options={"require": _REQUIRED, "enforce_minimum_key_length": True},
        )
