"""What a run reaches beyond its session: the library of its user, and the web, politely."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from backend.agents.reach import Web
from backend.errors import FetchFailed, FetchRefused
from backend.settings import Settings
from backend.web.fetching import Fetcher
from backend.worker.reach import PoliteWeb, user_agent_of, web_of
from backend.worker.runtime import open_runtime
from tests.fixtures.web_server import PUBLIC, FakeResolver, WebServer, ok, serve_web


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with serve_web() as web:
        yield web


def _web(
    server: WebServer, redis: Redis, host: str, *, ttl_s: int = 60, key: str | None = None
) -> PoliteWeb:
    fetcher = Fetcher(
        frozenset({host}),
        "Offstage",
        resolve=FakeResolver([[ipaddress.ip_address(PUBLIC)]]),
        transport=server.transport,
    )
    keys = {host: SecretStr(key)} if key else {}
    return PoliteWeb(fetcher, redis, ("openalex",), "ops@example.org", ttl_s, keys)


def _host() -> str:
    return f"{uuid4().hex}.example.org"


async def _fetch(web: Web, host: str, path: str = "/works?q=1") -> bytes:
    return await web.fetch(f"https://{host}{path}", accept="*/*", pause_s=0.05)


async def test_the_same_page_is_fetched_once_for_all_runs(server: WebServer, redis: Redis) -> None:
    host = _host()
    server.answers[f"{host}/works"] = ok(b"found")
    first, second = _web(server, redis, host), _web(server, redis, host)
    assert await _fetch(first, host) == await _fetch(second, host) == b"found"
    assert len(server.requests) == 1
    kept = [key async for key in redis.scan_iter("offstage:web:page:*")]
    assert kept
    for key in kept:
        assert 0 < await redis.ttl(key) <= 60
    await _fetch(first, host, "/works?q=2")
    assert len(server.requests) == 2


async def test_a_failure_is_not_kept(server: WebServer, redis: Redis) -> None:
    host = _host()
    web = _web(server, redis, host)
    with pytest.raises(FetchFailed):
        await _fetch(web, host)
    server.answers[f"{host}/works"] = ok(b"back")
    assert await _fetch(web, host) == b"back"


async def test_without_a_time_to_live_nothing_is_kept(server: WebServer, redis: Redis) -> None:
    host = _host()
    server.answers[f"{host}/works"] = ok(b"found")
    web = _web(server, redis, host, ttl_s=0)
    await _fetch(web, host)
    await _fetch(web, host)
    assert len(server.requests) == 2


async def test_a_host_is_asked_by_one_after_the_other(server: WebServer, redis: Redis) -> None:
    host, other = _host(), _host()
    server.answers = {f"{host}/works": ok(b"a"), f"{other}/works": ok(b"b")}
    await redis.set(f"offstage:web:turn:{host}", b"1", px=600_000)
    waiting = asyncio.create_task(_fetch(_web(server, redis, host), host))
    assert await _fetch(_web(server, redis, other), other) == b"b"
    assert not waiting.done()
    await redis.delete(f"offstage:web:turn:{host}")
    assert await waiting == b"a"


async def test_a_key_is_seen_by_its_host_alone(server: WebServer, redis: Redis) -> None:
    host = _host()
    server.answers[f"{host}/works"] = ok(b"found")
    web = _web(server, redis, host, key="canary key")
    await _fetch(web, host)
    assert "&api_key=canary+key " in server.requests[0]
    for key in [key async for key in redis.scan_iter("offstage:web:*")]:
        assert b"canary" not in key
    assert "canary" not in repr(web.api_keys)
    server.answers[f"{host}/works"] = b"HTTP/1.1 403 No\r\n\r\n"
    with pytest.raises(FetchFailed) as caught:
        await _fetch(web, host, "/works?q=3")
    assert "canary" not in str(caught.value)


async def test_no_host_is_asked_but_those_of_what_is_on(job_settings: Settings) -> None:
    async with open_runtime(job_settings) as runtime:
        assert web_of(runtime).providers == ()
        with pytest.raises(FetchRefused):
            await _fetch(web_of(runtime), "en.wikipedia.org")
    on = {"source_providers": "wikipedia", "source_contact": "ops@example.org"}
    async with open_runtime(job_settings.model_copy(update=on)) as runtime:
        assert web_of(runtime).providers == ("wikipedia",)
        for host in ("api.openalex.org", "169.254.169.254", "wikipedia.org", "localhost"):
            with pytest.raises(FetchRefused, match="host"):
                await _fetch(web_of(runtime), host)


def _settings(tmp_path: Path, providers: str, contact: str) -> Settings:
    return Settings(
        _env_file=None,
        offstage_data_dir=tmp_path,
        source_providers=providers,
        source_contact=contact,
    )


def test_a_provider_is_switched_on_by_name_and_with_a_contact(tmp_path: Path) -> None:
    assert _settings(tmp_path, "", "").unsupported() == []
    on = _settings(tmp_path, " Wikipedia, arxiv ,arxiv", "ops@example.org")
    assert (on.source_providers, on.unsupported()) == ("wikipedia,arxiv", [])
    assert "mailto:ops@example.org" in user_agent_of(on)
    for contact in ("", "nobody", "a@b\r\nX: y", "https://x.example/\r\n"):
        (problem,) = _settings(tmp_path, "arxiv", contact).unsupported()
        assert "SOURCE_CONTACT" in problem
    with pytest.raises(ValueError, match="no provider google: use any of openalex"):
        _settings(tmp_path, "google", "")
