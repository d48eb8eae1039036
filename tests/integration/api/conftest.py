"""The application itself, started as a server would, on a real Redis and a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from backend.api.app import create_app
from backend.api.deps import Services
from backend.settings import Settings

BASE_URL = "http://127.0.0.1:8765"


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of `app`, between its start and its end."""
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client,
    ):
        yield client


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, redis_url=redis_url, offstage_data_dir=tmp_path)


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with started(app) as client:
        yield client


@pytest.fixture
def services(app: FastAPI, client: httpx2.AsyncClient) -> Services:
    """What the running application has open."""
    services: Services = app.state.services
    return services


@pytest.fixture
def statements(services: Services) -> list[str]:
    """The SQL that the application runs from now on."""
    executed: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        executed.append(statement)

    event.listen(services.engine.sync_engine, "before_cursor_execute", record)
    return executed


@pytest.fixture
async def session_id(client: httpx2.AsyncClient) -> str:
    answer = await client.post("/sessions", json={"title": "Лекция"})
    session_id: str = answer.json()["id"]
    return session_id
