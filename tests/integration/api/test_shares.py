"""What a caller is told of their limits, and that nothing in a request gets around them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from backend.api.app import create_app
from backend.api.limits_book import REMEMBERED_S, LimitsBook
from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import upgrade_engine
from backend.db.user_limits import write_limits
from backend.limits import LimitTexts
from backend.settings import Settings
from tests.integration.api.conftest import started

SMOKE = "/jobs/agents/smoke/v1"


async def _start(client: httpx2.AsyncClient, session: str, **request: Any) -> httpx2.Response:
    body = {"session_id": session, "query": {}}
    return await client.post(request.pop("url", SMOKE), json=body, **request)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"agent_rate_limits": "3/hour, 100/day; smoke: 2/minute"})


async def test_each_answer_tells_how_the_rates_stand(client: httpx2.AsyncClient) -> None:
    first, _, refused = [await _start(client, f"s{number}") for number in range(3)]
    policy = '"user-hour";q=3;w=3600, "user-day";q=100;w=86400, "smoke-minute";q=2;w=60'
    assert first.status_code == 202
    assert first.headers["RateLimit-Policy"] == policy
    assert first.headers["RateLimit"].startswith('"user-hour";r=2;t=3600, "user-day";r=99;t=')
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "rate_limited"
    assert refused.headers["RateLimit-Policy"] == policy
    assert '"smoke-minute";r=0;t=' in refused.headers["RateLimit"]
    assert 0 < int(refused.headers["Retry-After"]) <= 60


async def test_no_spelling_of_a_request_gets_around_a_rate(client: httpx2.AsyncClient) -> None:
    for number in range(2):
        assert (await _start(client, f"s{number}")).status_code == 202
    variants: list[dict[str, Any]] = [
        {"headers": {"X-Forwarded-For": "10.0.0.9", "Forwarded": "for=10.0.0.9"}},
        {"headers": {"X-Real-IP": "10.0.0.9", "X-User": "boris", "Authorization": "Bearer x"}},
        {"headers": {"User-Agent": "another", "Accept-Language": "en", "Origin": "null"}},
        {"headers": {"X-Forwarded-Host": "a", "X-Original-URL": "/x", "X-HTTP-Method": "PUT"}},
        {"headers": {"Idempotency-Key": "another"}},
        {"headers": {"Prefer": "respond-async"}},
        {"url": f"{SMOKE}?user_id=boris"},
        {"url": f"{SMOKE}?reuse=unchanged"},
        {"url": f"//{SMOKE}"},
        {"url": "/jobs/agents/smoke/v1/"},
        {"url": "/jobs//agents/smoke/v1"},
        {"url": "/jobs/agents/./smoke/v1"},
        {"url": "/Jobs/agents/smoke/v1"},
        {"url": "/jobs/agents/smoke/v1;x=1"},
        {"url": "/jobs/agents/SMOKE/v1"},
        {"url": "/jobs/agents/smoke%20/v1"},
        {"url": "/jobs/agents/smoke/V1"},
        {"url": "/jobs/agents/smoke/v01"},
    ]
    for number, variant in enumerate(variants):
        answer = await _start(client, f"other-{number}", **variant)
        assert answer.status_code in (307, 403, 404, 405, 429), variant
    # Whatever a session is called, it is one user's. What is no session's name is refused.
    for session in ("s0 ", "S0", "s0\t", "\u017f0", "s0\u200b", "-", "_", "s" * 64, "s" * 65):
        assert (await _start(client, session)).status_code in (422, 429), session
    jobs = (await client.get("/jobs")).json()["items"]
    assert len(jobs) == 2


async def test_what_was_set_for_a_user_counts_and_the_settings_for_the_rest(
    settings: Settings,
) -> None:
    engine, now = create_engine(settings), 0.0
    await upgrade_engine(engine)
    book = LimitsBook(engine, settings, clock=lambda: now)
    assert (await book.of("anna")).rates.overall is not None
    async with UnitOfWork(engine) as uow:
        await write_limits(uow, "anna", LimitTexts(rates="none", concurrency="2"))
        await uow.commit()
    assert (await book.of("anna")).rates.overall is not None, "remembered for a while"
    now = REMEMBERED_S + 1
    anna, boris = await asyncio.gather(book.of("anna"), book.of("boris"))
    assert (anna.rates.overall, anna.concurrency.overall) == (None, 2)
    assert boris.rates.overall is not None
    await engine.dispose()


async def test_a_run_within_the_request_counts_like_a_job(settings: Settings) -> None:
    changed = {"agent_rate_limits": "2/hour", "agent_user_tokens_per_day": "100000"}
    app = create_app(settings.model_copy(update=changed))
    async with started(app) as client:
        session_id = (await client.post("/sessions", json={"title": "x"})).json()["id"]
        text = {"title": "t", "text": "Each value has 1 owner. The compiler checks the rules."}
        await client.post(f"/sessions/{session_id}/materials", json=text)
        run = {"json": {"session_id": session_id, "query": {}, "memory": "backend"}}
        url = "/agents/synopsis_manager/v1/synopsis?mode=sync"
        first, second, third = [await client.post(url, **run) for _ in range(3)]
        assert (first.status_code, second.status_code) == (200, 200), first.text
        assert (third.status_code, third.json()["code"]) == (429, "rate_limited")
        redis = app.state.services.runtime.redis
        (day,) = [key async for key in redis.scan_iter("offstage:spent:*")]
        used = sum(each.json()["usage"]["input_tokens"] for each in (first, second))
        assert int(await redis.hget(day, "tokens")) >= used > 0
        assert [key async for key in redis.scan_iter("offstage:account:*")] == []


async def test_a_used_up_budget_is_told_as_such(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"agent_user_tokens_per_day": "0"}))
    async with started(app) as client:
        refused = await _start(client, "s1")
    assert (refused.status_code, refused.json()["code"]) == (429, "budget")
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
