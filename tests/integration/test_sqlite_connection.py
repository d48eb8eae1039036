"""Where SQLite's statements run: short reads in the event loop, whatever may wait in a thread."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.errors import Unavailable
from backend.settings import Settings

_THREAD = text("SELECT thread()")
_failed_in: list[str] = []


def _here() -> str:
    return str(threading.get_ident())


def _fail() -> None:
    _failed_in.append(_here())
    raise ZeroDivisionError


class _Watched(sqlite3.Connection):
    """Knows functions that tell which thread runs a statement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.create_function("thread", 0, _here)
        self.create_function("fail", 0, _fail)


class _LockedCursor(sqlite3.Cursor):
    """Finds the database locked for whoever doesn't want to wait."""

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        waits_ms = super().execute("PRAGMA busy_timeout").fetchone()[0]
        if sql.startswith("SELECT") and not waits_ms:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY_RECOVERY
            raise error
        return super().execute(sql, *args)


class _Locked(_Watched):
    def cursor(self, *_args: Any, **_kwargs: Any) -> Any:
        return super().cursor(_LockedCursor)


@pytest.fixture(params=[_Watched])
async def watched(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncEngine]:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=request.param))
    _failed_in.clear()
    engine = create_engine(Settings(_env_file=None, offstage_data_dir=tmp_path))
    yield engine
    await engine.dispose()


async def test_a_short_read_takes_no_turn_of_the_event_loop(watched: AsyncEngine) -> None:
    turns: list[str] = []
    async with UnitOfWork(watched, read_only=True) as uow:
        asyncio.get_running_loop().call_soon(turns.append, "somebody else's")
        assert await uow.connection.scalar(_THREAD) == _here()
        assert turns == []


async def test_what_may_wait_or_take_long_runs_in_a_thread(watched: AsyncEngine) -> None:
    async with UnitOfWork(watched) as uow:
        assert await uow.connection.scalar(_THREAD) != _here()
    async with UnitOfWork(watched, read_only=True, takes_long=True) as uow:
        assert await uow.connection.scalar(_THREAD) != _here()


async def test_a_connection_that_has_read_writes_in_its_thread(watched: AsyncEngine) -> None:
    async with UnitOfWork(watched, read_only=True) as uow:
        await uow.connection.execute(text("SELECT 1"))
    async with UnitOfWork(watched) as uow:
        assert await uow.connection.scalar(_THREAD) != _here()
        assert await uow.connection.scalar(text("PRAGMA busy_timeout")) > 0


@pytest.mark.parametrize("watched", [_Locked], indirect=True)
async def test_a_read_that_finds_the_file_locked_waits_in_the_thread(watched: AsyncEngine) -> None:
    async with UnitOfWork(watched, read_only=True) as uow:
        assert await uow.connection.scalar(_THREAD) != _here()


async def test_a_read_that_fails_otherwise_is_not_tried_again(watched: AsyncEngine) -> None:
    with pytest.raises(Unavailable):
        async with UnitOfWork(watched, read_only=True) as uow:
            await uow.connection.execute(text("SELECT fail()"))
    assert _failed_in == [_here()]
