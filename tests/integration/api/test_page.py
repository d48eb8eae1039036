"""The page, the API's description, and how much a browser may trust them."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from backend.api.static import install_page
from tests.integration.api.conftest import BASE_URL
from tests.paths import ROOT


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Offstage</title>")
    (folder / "assets" / "app-1a2b.js").write_text("export {}")
    return folder


def _client_of(folder: Path) -> httpx2.AsyncClient:
    app = FastAPI()
    install_page(app, folder)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=BASE_URL)


async def test_the_page_is_served_where_it_lives_and_nowhere_else(built: Path) -> None:
    async with _client_of(built) as client:
        for path in ("/", "/s/abc", "/s/abc/synopsis"):
            page = await client.get(path)
            assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-cache")
            assert "<title>Offstage</title>" in page.text
            policy = page.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self';")
            assert "img-src 'self';" in policy
            assert "frame-ancestors 'none'" in policy
        for path in ("/x", "/session", "/index.html", "/assets/../index.html", "/assets/none.js"):
            assert (await client.get(path)).status_code == 404


async def test_hashed_files_are_kept_for_ever(built: Path) -> None:
    async with _client_of(built) as client:
        script = await client.get("/assets/app-1a2b.js")
        assert script.status_code == 200
        assert "immutable" in script.headers["Cache-Control"]
        assert "javascript" in script.headers["Content-Type"]
        again = await client.get(
            "/assets/app-1a2b.js", headers={"If-None-Match": script.headers["ETag"]}
        )
        assert again.status_code == 304


async def test_a_page_that_is_not_built_says_how(tmp_path: Path) -> None:
    async with _client_of(tmp_path / "none") as client:
        page = await client.get("/")
        assert page.status_code == 503
        assert "make setup" in page.text
        assert (await client.get("/assets/app.js")).status_code == 404


async def test_the_description_needs_no_other_host(client: httpx2.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "<script" not in page.text
    for path in ("/sessions/{session_id}/synopsis", "/sessions", "/readyz"):
        assert path in page.text


async def test_answers_are_not_to_be_framed_sniffed_or_shared(client: httpx2.AsyncClient) -> None:
    headers = (await client.get("/sessions")).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Access-Control-Allow-Origin" not in headers


async def test_every_operation_has_a_readable_name_and_tells_its_problems(
    client: httpx2.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    names = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            names.append(operation["operationId"])
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert set(response["content"]) == {"application/problem+json"}, (method, path)
    assert len(names) == len(set(names))
    assert {"create_session", "add_material", "get_synopsis", "list_agents"} <= set(names)
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_the_printed_document_is_the_served_one(client: httpx2.AsyncClient) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend.api.openapi", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await child.communicate()
    assert json.loads(printed) == (await client.get("/openapi.json")).json()
