"""The keys of an identity provider (JWKS, RFC 7517): fetched, kept, and fetched anew."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import jwt

from backend.errors import TokenRefused, Unavailable
from backend.telemetry.logging import get_logger

_log = get_logger("offstage.api")

_FRESH_S = 3_600.0
# Keys that can't be fetched anew are used for this long: a provider that is away for an hour locks
# nobody out, and a key that it withdrew doesn't count for ever.
_USABLE_S = 24 * 3_600.0
# However many tokens name keys that there are not.
_FETCH_APART_S = 30.0
_RETRY_APART_S = 5.0
_FETCH_TIMEOUT_S = 5.0
_LONGEST_ANSWER = 1024 * 1024

_UNREADABLE = (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError, RecursionError)
_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_ASYMMETRIC = {
    "RSA": _RSA,
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA",),
}


@dataclass(frozen=True)
class VerifyingKey:
    """A public key, and the algorithms it may be used with."""

    key_id: str | None
    key: Any
    algorithms: tuple[str, ...]


class KeySet:
    """The keys at one address. Belongs to one event loop."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._http = httpx2.AsyncClient(timeout=_FETCH_TIMEOUT_S, follow_redirects=False)
        self._keys: tuple[VerifyingKey, ...] = ()
        self._fetched_at = -_USABLE_S
        self._next_fetch_at = 0.0
        self._last_failed = False
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, key_id: object) -> VerifyingKey:
        """The key that a token names, or the only one if it names none.

        A key that isn't known lets the set be fetched anew, at most twice a minute.
        Raises TokenRefused if there is no such key, Unavailable if the set can't be fetched.
        """
        found = self._pick(key_id)
        if found is not None:
            if self._age_s() >= _FRESH_S:
                self._start_fetch()
            return found
        fetching = self._start_fetch()
        if fetching is not None:
            # Whoever else waits for the same answer must get it though this caller goes away.
            await asyncio.shield(fetching)
            found = self._pick(key_id)
            if found is not None:
                return found
        if self._last_failed:
            raise Unavailable(
                "The keys that tokens are checked with can't be fetched right now.",
                retry_after_s=_RETRY_APART_S,
            )
        raise TokenRefused

    async def aclose(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)
        await self._http.aclose()

    def _age_s(self) -> float:
        return self._clock() - self._fetched_at

    def _pick(self, key_id: object) -> VerifyingKey | None:
        if self._age_s() >= _USABLE_S:
            return None
        if key_id is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.key_id == key_id), None)

    def _start_fetch(self) -> asyncio.Task[None] | None:
        """The fetch under way, or a new one if the last is long enough ago."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        if self._clock() < self._next_fetch_at:
            return None
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            keys = read_keys(await self._download())
        except _UNREADABLE as error:
            self._last_failed = True
            self._next_fetch_at = self._clock() + _RETRY_APART_S
            _log.warning("the keys of tokens can't be fetched", reason=type(error).__name__)
            return
        self._keys = keys
        self._last_failed = False
        self._fetched_at = self._clock()
        self._next_fetch_at = self._fetched_at + _FETCH_APART_S

    async def _download(self) -> Any:
        received = bytearray()
        async with (
            asyncio.timeout(_FETCH_TIMEOUT_S),
            self._http.stream("GET", self._url) as response,
        ):
            if response.status_code != httpx2.codes.OK:
                raise ValueError("it answers with another status than 200")
            async for part in response.aiter_bytes():
                received += part
                if len(received) > _LONGEST_ANSWER:
                    raise ValueError("it is too long for a key set")
        return json.loads(received)


def read_keys(answer: Any) -> tuple[VerifyingKey, ...]:
    """The keys of a set that can check signatures; those of other kinds are left out.

    Raises ValueError for what isn't a key set.
    """
    listed = answer.get("keys") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise ValueError("it isn't a key set")
    found = (_read_key(each) for each in listed if isinstance(each, dict))
    return tuple(key for key in found if key is not None)


def _read_key(jwk: dict[str, Any]) -> VerifyingKey | None:
    allowed = _ASYMMETRIC.get(str(jwk.get("kty")), ())
    if jwk.get("use", "sig") != "sig" or "d" in jwk:
        return None
    try:
        key = jwt.PyJWK(jwk)
    except (jwt.PyJWTError, KeyError):
        return None
    # An RSA key that doesn't say which algorithm it is for serves all of RSA's.
    algorithms = _RSA if allowed == _RSA and "alg" not in jwk else (key.algorithm_name,)
    if not set(algorithms) <= set(allowed):
        return None
    return VerifyingKey(jwk.get("kid"), key.key, algorithms)
