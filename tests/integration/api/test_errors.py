"""Every error is a problem response, told by code, with nothing in it that should stay inside."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from backend.api.app import create_app
from backend.errors import Misconfigured, Unavailable
from backend.settings import Settings
from tests.integration.api.conftest import started


def _assert_problem(answer: httpx2.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"urn:offstage:problem:{code}"
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"]
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,128}", answer.headers["X-Request-ID"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_address_that_is_not_there(client: httpx2.AsyncClient) -> None:
    _assert_problem(await client.get("/session"), 404, "not_found")
    _assert_problem(await client.post("/nothing/here"), 404, "not_found")
    _assert_problem(await client.get("/assets/none.js"), 404, "not_found")


async def test_a_method_that_an_address_does_not_take(client: httpx2.AsyncClient) -> None:
    answer = await client.delete("/sessions")
    _assert_problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} & set(re.split(r"[, ]+", answer.headers["Allow"]))


async def test_what_nobody_meant_stays_inside(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("the password is hunter2")

    async with started(app) as client:
        answer = await client.get("/boom", headers={"X-Request-ID": "a-request-of-mine"})
    _assert_problem(answer, 500, "internal")
    assert "hunter2" not in answer.text
    assert answer.headers["X-Request-ID"] == "a-request-of-mine"
    assert "a-request-of-mine" in caplog.text
    assert "hunter2" in caplog.text


async def test_a_wait_that_helps_is_said(app: FastAPI) -> None:
    @app.get("/away")
    async def away() -> None:
        raise Unavailable("Not now.", retry_after_s=1.2)

    async with started(app) as client:
        answer = await client.get("/away")
    _assert_problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0af7651916cd43dd8448eb211c80319c", True), ("short", False), ("with space" * 2, False)],
)
async def test_a_sane_request_id_is_taken_over(
    client: httpx2.AsyncClient, given: str, kept: bool
) -> None:
    answer = await client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept


async def test_each_request_has_an_id_of_its_own(client: httpx2.AsyncClient) -> None:
    ids = {(await client.get("/healthz")).headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


async def test_redis_away_is_503_and_stored_notes_stay_readable(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None,
        redis_url=f"unix://{tmp_path}/none.sock?password=hunter2",
        offstage_data_dir=tmp_path,
    )
    async with started(create_app(settings)) as client:
        session_id = (await client.post("/sessions", json={"title": "x"})).json()["id"]
        missing = await client.get(f"/sessions/{session_id}/synopsis")
        ready = await client.get("/readyz")
        deleted = await client.delete(f"/sessions/{session_id}")
    _assert_problem(missing, 503, "unavailable")
    assert "hunter2" not in missing.text
    assert missing.headers["Retry-After"]
    _assert_problem(ready, 503, "not_ready")
    assert ready.json()["missing"] == ["redis"]
    assert deleted.status_code == 204


async def test_a_setting_that_nothing_honours_refuses_to_start(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"agent_rate_limits": "no_agent: 1/minute"}))
    with pytest.raises(Misconfigured, match=r"AGENT_RATE_LIMITS .* no_agent"):
        async with started(app):
            pass


async def test_a_database_that_is_away_refuses_to_start(settings: Settings) -> None:
    changed = {"database_url": "postgresql://u:hunter2@127.0.0.1:9/none"}
    app = create_app(Settings(**{**settings.model_dump(), **changed}, _env_file=None))
    with pytest.raises(Unavailable) as caught:
        async with started(app):
            pass
    assert "hunter2" not in str(caught.value)
