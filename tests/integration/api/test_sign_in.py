"""AUTH_MODE=token: who may ask, what refusals give away, and the page's cookie."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from http.cookies import SimpleCookie

import httpx2
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis.asyncio import Redis

from backend.api.app import create_app
from backend.api.auth.tokens import TRUSTED_S, TokenChecker
from backend.api.deps import Services
from backend.api.middleware.authentication import PUBLIC
from backend.db.column_types import utc_now
from backend.db.unit_of_work import UnitOfWork
from backend.db.users import IssuedToken, list_tokens
from backend.domain.tokens import new_token
from backend.errors import TokenRefused
from backend.settings import Settings
from tests.fixtures.redis import stored_values
from tests.fixtures.users import bearer, new_user, revoke
from tests.integration.api.conftest import started


@pytest.fixture
def settings(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("data")
    return Settings(
        _env_file=None, redis_url=redis_url, offstage_data_dir=folder, auth_mode="token"
    )


@pytest.fixture
async def anna(services: Services) -> IssuedToken:
    return await new_user(services.engine, "anna")


def _operations(app: FastAPI) -> list[tuple[str, str]]:
    return [
        (method.upper(), re.sub(r"{\w+}", "0", path))
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    ]


async def test_without_a_token_nothing_but_the_public_answers(
    app: FastAPI, client: httpx2.AsyncClient
) -> None:
    private = [each for each in _operations(app) if each[1] not in PUBLIC]
    assert len(private) > 15
    for method, path in [*private, ("GET", "/no/such/address"), ("GET", "/sessions/")]:
        # Neither the body nor the media type nor the ids are looked at.
        answer = await client.request(
            method, path, content=b"{", headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), path
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Offstage"'
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_page_the_description_and_monitoring_answer_everybody(
    client: httpx2.AsyncClient,
) -> None:
    for path in ("/healthz", "/metrics", "/openapi.json", "/docs", "/whoami"):
        assert (await client.get(path)).status_code == 200, path
    assert (await client.get("/readyz")).json()["missing"] == ["worker"]
    assert (await client.get("/s/abc")).status_code in (200, 503)
    assert (await client.get("/assets/none.js")).status_code == 404


async def test_a_document_says_what_needs_a_token(app: FastAPI) -> None:
    document = app.openapi()
    assert document["paths"]["/sessions"]["get"]["security"] == [{"bearer": []}, {"cookie": []}]
    assert "security" not in document["paths"]["/healthz"]["get"]


async def test_a_token_lets_its_user_in(client: httpx2.AsyncClient, anna: IssuedToken) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = await client.get("/sessions", headers={"Authorization": f"{scheme} {anna.secret}"})
        assert answer.status_code == 200
    who = await client.get("/whoami", headers=bearer(anna.secret))
    assert who.json() == {"mode": "token", "userId": "anna"}
    assert (await client.get("/whoami")).json() == {"mode": "token", "userId": None}


async def test_a_refusal_does_not_tell_why(
    client: httpx2.AsyncClient, services: Services, anna: IssuedToken
) -> None:
    expired = await new_user(services.engine, "boris", expires_at=utc_now() - timedelta(seconds=1))
    await revoke(services.engine, anna)
    sent = [
        bearer(anna.secret),
        bearer(expired.secret),
        bearer(new_token()),
        bearer("offstage_x"),
        bearer("x" * 9_000),
        {"Authorization": "Basic YW5uYTpwYXNz"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {anna.secret} {anna.secret}"},
        {"Authorization": ""},
        {"Cookie": f"offstage={anna.secret}"},
    ]
    answers = [await client.get("/sessions", headers=headers) for headers in sent]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "invalid_token"
    told = {answer.headers["WWW-Authenticate"] for answer in answers}
    assert told == {'Bearer realm="Offstage", error="invalid_token"'}


async def test_two_headers_are_none(client: httpx2.AsyncClient, anna: IssuedToken) -> None:
    twice = [("Authorization", f"Bearer {anna.secret}"), ("Authorization", "Bearer other")]
    assert (await client.get("/sessions", headers=twice)).status_code == 401


async def test_signing_in_gives_the_browser_a_cookie_that_scripts_can_not_read(
    client: httpx2.AsyncClient, services: Services
) -> None:
    ending = await new_user(services.engine, "anna", expires_at=utc_now() + timedelta(hours=1))
    signed_in = await client.post("/login", json={"token": ending.secret})
    assert (signed_in.status_code, signed_in.content) == (204, b"")
    cookie = SimpleCookie(signed_in.headers["Set-Cookie"])["offstage"]
    assert cookie.value == ending.secret
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/")
    assert 3_500 < int(cookie["max-age"]) <= 3_600

    assert (await client.get("/whoami")).json()["userId"] == "anna"
    assert (await client.post("/sessions", json={"title": "x"})).status_code == 201
    assert (await client.post("/logout")).status_code == 204
    assert (await client.get("/sessions")).json()["code"] == "unauthenticated"


async def test_over_tls_the_cookie_is_bound_to_this_host_and_to_tls(
    client: httpx2.AsyncClient, anna: IssuedToken
) -> None:
    signed_in = await client.post(
        "/login", json={"token": anna.secret}, headers={"X-Forwarded-Proto": "https"}
    )
    cookie = SimpleCookie(signed_in.headers["Set-Cookie"])["__Host-offstage"]
    assert (cookie["secure"], cookie["httponly"], cookie["domain"]) == (True, True, "")
    planted = {"Cookie": f"offstage={new_token()}; __Host-offstage={anna.secret}"}
    assert (await client.get("/whoami", headers=planted)).json()["userId"] == "anna"


@pytest.mark.parametrize("body", [{"token": "x"}, {"token": new_token()}])
async def test_a_wrong_token_signs_nobody_in(
    client: httpx2.AsyncClient, body: dict[str, str]
) -> None:
    answer = await client.post("/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert "Set-Cookie" not in answer.headers
    assert body["token"] not in answer.text.replace("token", "")


async def test_another_sites_page_can_not_use_the_cookie(
    client: httpx2.AsyncClient, anna: IssuedToken
) -> None:
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    planted = await client.post("/login", json={"token": anna.secret}, headers=elsewhere)
    assert planted.json()["code"] == "cross_site"

    await client.post("/login", json={"token": anna.secret})
    for path in ("/sessions", "/logout"):
        refused = await client.post(path, json={"title": "x"}, headers=elsewhere)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    # A program says itself who it is; no page can make a browser do that.
    made = await client.post(
        "/sessions", json={"title": "x"}, headers={**elsewhere, **bearer(anna.secret)}
    )
    assert made.status_code == 201


async def test_any_host_is_served_unless_some_are_named(
    settings: Settings, client: httpx2.AsyncClient
) -> None:
    assert (await client.get("/healthz", headers={"Host": "notes.example"})).status_code == 200
    named = settings.model_copy(update={"offstage_allowed_hosts": "notes.example"})
    async with started(create_app(named)) as guarded:
        for host, status in (("notes.example", 200), ("evil.example", 421)):
            assert (await guarded.get("/healthz", headers={"Host": host})).status_code == status


async def test_with_one_local_user_nobody_signs_in(settings: Settings) -> None:
    local = settings.model_copy(update={"auth_mode": "local"})
    async with started(create_app(local)) as client:
        assert (await client.get("/whoami")).json() == {"mode": "local", "userId": "local"}
        answer = await client.post("/login", json={"token": "x"})
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_a_revoked_token_stops_counting_within_seconds(
    services: Services, anna: IssuedToken
) -> None:
    now = 100.0
    checker = TokenChecker(services.engine, clock=lambda: now)
    caller = await checker.identify(anna.secret)
    assert (caller.user_id, await caller.still_valid()) == ("anna", True)
    await revoke(services.engine, anna)
    assert await caller.still_valid()
    now += TRUSTED_S
    assert not await caller.still_valid()
    with pytest.raises(TokenRefused):
        await checker.identify(anna.secret)
    await checker.aclose()


async def test_an_expired_token_stops_counting_at_once(services: Services) -> None:
    soon = utc_now() + timedelta(milliseconds=300)
    ending = await new_user(services.engine, "anna", expires_at=soon)
    checker = TokenChecker(services.engine)
    caller = await checker.identify(ending.secret)
    while utc_now() < soon:
        assert caller.user_id == "anna"
    assert not await caller.still_valid()
    with pytest.raises(TokenRefused):
        await checker.identify(ending.secret)
    await checker.aclose()


async def test_use_is_noted_and_asks_the_database_once_in_a_while(
    services: Services, anna: IssuedToken, statements: list[str]
) -> None:
    checker = TokenChecker(services.engine)
    for _ in range(50):
        await checker.identify(anna.secret)
    await checker.aclose()
    assert len([each for each in statements if "FROM tokens" in each]) == 1
    assert len([each for each in statements if each.startswith("UPDATE tokens")]) == 1
    async with UnitOfWork(services.engine, read_only=True) as uow:
        (stored,) = await list_tokens(uow)
    assert stored.last_used_at is not None


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    async with Redis.from_url(settings.redis_dsn()) as redis:
        yield redis


async def test_a_token_is_told_and_kept_nowhere(
    client: httpx2.AsyncClient,
    settings: Settings,
    anna: IssuedToken,
    redis: Redis,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    spans: InMemorySpanExporter,
) -> None:
    await client.post("/login", json={"token": anna.secret, "nonsense": anna.secret})
    await client.post("/login", json={"token": anna.secret})
    submitted = await client.post(
        "/jobs/agents/smoke/v1", json={"session_id": "s1"}, headers=bearer(anna.secret)
    )
    assert submitted.status_code == 202
    refused = await client.get("/jobs/none", headers=bearer(anna.secret))
    assert anna.secret not in submitted.text + refused.text

    assert anna.secret not in caplog.text
    assert anna.secret not in "".join(capfd.readouterr())
    assert spans.get_finished_spans()
    assert not any(anna.secret in span.to_json() for span in spans.get_finished_spans())
    kept = [text async for text in stored_values(redis, payloads=True)]
    assert any("smoke" in text for text in kept)
    assert not any(anna.secret in text for text in kept)
    files = [each for each in settings.offstage_data_dir.rglob("*") if each.is_file()]
    assert files
    assert not any(anna.secret.encode() in each.read_bytes() for each in files)
