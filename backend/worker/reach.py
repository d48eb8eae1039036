"""What a run may look for beyond its session, as `agents/reach.py` names it."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.reach import EmptyLibrary, Library, NoWeb, Web
from backend.agents.source_finder.providers import hosts_of
from backend.agents.text.words import stop_words, words
from backend.db import library
from backend.db.unit_of_work import UnitOfWork
from backend.domain.library import LibraryHit, terms_of
from backend.errors import FetchFailed
from backend.settings import Settings
from backend.web.fetching import Fetcher
from backend.worker.job import JobPayload
from backend.worker.runtime import Runtime

# Redis has better things to hold than pages.
_LARGEST_KEPT_BYTES = 64_000
_LONGEST_QUEUE_S = 30.0
_LOOKS_AGAIN_S = 0.5


def library_of(engine: AsyncEngine, payload: JobPayload) -> Library:
    """The library of whoever submitted the job; nothing for a job without a session's memory."""
    if payload.memory == "inmem":
        return EmptyLibrary()
    return _StoredLibrary(engine, payload.user_id, payload.session_id)


def web_of(runtime: Runtime) -> Web:
    """What the settings switch on of the web."""
    settings = runtime.settings
    providers = tuple(filter(None, settings.source_providers.split(",")))
    if not providers:
        return NoWeb()
    return PoliteWeb(
        Fetcher(hosts_of(providers), user_agent_of(settings)),
        runtime.redis,
        providers,
        settings.source_contact,
        settings.source_cache_ttl,
        _keys(settings),
    )


def user_agent_of(settings: Settings) -> str:
    """Who we are and how to reach the operator, as those sites ask for it."""
    contact = settings.source_contact
    return f"Offstage/0.1 ({contact if '://' in contact else f'mailto:{contact}'})"


def _keys(settings: Settings) -> dict[str, SecretStr]:
    key = settings.openalex_api_key
    return {"api.openalex.org": key} if key is not None else {}


@dataclass(frozen=True)
class _StoredLibrary:
    engine: AsyncEngine
    user_id: str
    session_id: str

    async def search(self, query: str, limit: int) -> list[LibraryHit]:
        telling = " ".join(word for word in words(query) if word.lower() not in stop_words())
        async with UnitOfWork(self.engine, read_only=True, takes_long=True) as uow:
            return await library.search(
                uow, self.user_id, terms_of(telling), limit=limit, except_session=self.session_id
            )


@dataclass(frozen=True)
class PoliteWeb:
    """Fetches a page once for all runs, and from one host by one of them at a time.

    Cache and turns are in Redis, so that they are those of the whole fleet. Without Redis nothing
    is kept and nobody waits: the job itself won't get far then.
    """

    fetcher: Fetcher
    redis: Redis
    providers: tuple[str, ...]
    contact: str
    cache_ttl_s: int
    # By host. They are added on the way out: no agent, cache, event or error ever has one.
    api_keys: Mapping[str, SecretStr] = field(default_factory=dict)

    async def fetch(self, url: str, *, accept: str, pause_s: float) -> bytes:
        key = f"offstage:web:page:{hashlib.sha256(f'{accept} {url}'.encode()).hexdigest()}"
        kept = await self._kept(key)
        if kept is not None:
            return kept
        host = urlsplit(url).hostname or ""
        await self._wait_for_turn(host, pause_s)
        body = await self.fetcher.fetch(self._with_key(url, host), accept=accept)
        await self._keep(key, body)
        return body

    def _with_key(self, url: str, host: str) -> str:
        key = self.api_keys.get(host)
        return f"{url}&{urlencode({'api_key': key.get_secret_value()})}" if key else url

    async def _kept(self, key: str) -> bytes | None:
        try:
            packed = await self.redis.get(key)
        except RedisError:
            return None
        return zlib.decompress(packed) if isinstance(packed, bytes) else None

    async def _keep(self, key: str, body: bytes) -> None:
        packed = zlib.compress(body)
        if not self.cache_ttl_s or len(packed) > _LARGEST_KEPT_BYTES:
            return
        try:
            await self.redis.set(key, packed, ex=self.cache_ttl_s)
        except RedisError:
            return

    async def _wait_for_turn(self, host: str, pause_s: float) -> None:
        """Raises FetchFailed when too many are waiting for the same host."""
        key = f"offstage:web:turn:{host}"
        pause_ms = max(1, int(pause_s * 1_000))
        try:
            async with asyncio.timeout(_LONGEST_QUEUE_S):
                while not await self.redis.set(key, b"1", nx=True, px=pause_ms):
                    left_s = await self.redis.pttl(key) / 1_000
                    await asyncio.sleep(min(max(left_s, 0.001), _LOOKS_AGAIN_S))
        except TimeoutError:
            raise FetchFailed(f"Too many searches wait for {host}.") from None
        except RedisError:
            return
