"""Bodies that are too large are refused with an answer that arrives, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from backend.api.middleware.body_limit import JSON_MAX_BYTES
from backend.settings import Settings


@pytest.fixture
async def server(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application behind uvicorn, on a port the system chose."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    serving = asyncio.create_task(server.serve([socket]))
    async with asyncio.timeout(20):
        while not server.started:
            await asyncio.sleep(0)
            assert not serving.done()
    host, port = socket.getsockname()
    async with httpx2.AsyncClient(base_url=f"http://{host}:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    await serving
    socket.close()


async def _session(client: httpx2.AsyncClient) -> str:
    answer = await client.post("/sessions", json={"title": "x"})
    session_id: str = answer.json()["id"]
    return session_id


async def test_a_file_over_the_limit_gets_its_413(
    server: httpx2.AsyncClient, settings: Settings
) -> None:
    address = f"/sessions/{await _session(server)}/materials"
    file = {"file": ("big.txt", b"x" * (settings.material_max_bytes + 1_000_000))}
    answer = await server.post(address, files=file)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-ID"]
    assert (await server.get(address)).json()["items"] == []


async def test_a_body_that_hides_its_length_is_counted(server: httpx2.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(JSON_MAX_BYTES // 65_536 + 2):
            yield b" " * 65_536

    answer = await server.post(
        "/sessions", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_file_just_under_the_limit_is_read(
    server: httpx2.AsyncClient, settings: Settings
) -> None:
    """Its bytes are within bounds; that they are too many characters is the reader's to say."""
    address = f"/sessions/{await _session(server)}/materials"
    file = {"file": ("big.txt", b"word " * (settings.material_max_bytes // 5))}
    answer = await server.post(address, files=file)
    assert (answer.status_code, answer.json()["code"]) == (413, "material_too_large")


async def test_json_elsewhere_has_a_lower_limit(server: httpx2.AsyncClient) -> None:
    answer = await server.post("/sessions", json={"title": "x" * (JSON_MAX_BYTES + 1)})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
