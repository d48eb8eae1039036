"""One transaction, one commit; a database that is away is said to be away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import sessions
from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.errors import Misconfigured, NotFound, Unavailable
from backend.settings import Settings


async def test_what_is_not_committed_is_gone(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as uow:
        stored = await sessions.create(uow, "ann", {"title": "Lost"})
    async with UnitOfWork(engine, read_only=True) as uow:
        with pytest.raises(NotFound):
            await sessions.get(uow, "ann", stored.id)


async def test_an_error_inside_rolls_back_and_passes(engine: AsyncEngine) -> None:
    async def fail_half_way() -> None:
        async with UnitOfWork(engine) as uow:
            await sessions.create(uow, "ann", {"title": "Lost"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with UnitOfWork(engine, read_only=True) as uow:
        assert (await sessions.list_page(uow, "ann", limit=10)).items == []


async def test_a_broken_rule_is_not_taken_for_a_broken_connection(engine: AsyncEngine) -> None:
    with pytest.raises(IntegrityError):
        async with UnitOfWork(engine) as uow:
            await uow.connection.execute(text("INSERT INTO sessions (id) VALUES ('x')"))


async def test_error_messages_hold_no_parameters(engine: AsyncEngine) -> None:
    secret = "a person's own words"
    with pytest.raises(IntegrityError) as caught:
        async with UnitOfWork(engine) as uow:
            await sessions.create(uow, "ann", {"title": None, "goal": secret})
    assert secret not in str(caught.value.args[0].splitlines()[-1])
    assert "parameters hidden" in str(caught.value)


async def test_writers_wait_for_each_other(engine: AsyncEngine) -> None:
    """Each reads and then writes: where a reader turned writer, SQLite would refuse at once."""
    async with UnitOfWork(engine) as uow:
        stored = await sessions.create(uow, "ann", {"title": ""})
        await uow.commit()

    async def append(letter: str) -> None:
        async with UnitOfWork(engine) as uow:
            await sessions.hold(uow, "ann", stored.id)
            before = await sessions.get(uow, "ann", stored.id)
            await sessions.change(uow, "ann", stored.id, {"title": before.title + letter})
            await uow.commit()

    await asyncio.gather(*(append(letter) for letter in "abcdefghijkl"))
    async with UnitOfWork(engine, read_only=True) as uow:
        assert sorted((await sessions.get(uow, "ann", stored.id)).title) == list("abcdefghijkl")


async def test_a_cancelled_writer_leaves_no_lock(engine: AsyncEngine) -> None:
    entered = asyncio.Event()

    async def hold_for_ever() -> None:
        async with UnitOfWork(engine) as uow:
            await sessions.create(uow, "ann", {"title": "Lost"})
            entered.set()
            await asyncio.Event().wait()

    holder = asyncio.create_task(hold_for_ever())
    await entered.wait()
    holder.cancel()
    await asyncio.gather(holder, return_exceptions=True)
    async with asyncio.timeout(5), UnitOfWork(engine) as uow:
        await sessions.create(uow, "ann", {"title": "Kept"})
        await uow.commit()


async def test_a_writer_that_never_ends_makes_the_others_unavailable(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.db.sqlite_connection._BUSY_TIMEOUT_MS", 20)
    engine = create_engine(
        Settings(_env_file=None, database_url=sqlite_url, offstage_data_dir=tmp_path)
    )
    async with UnitOfWork(engine):
        with pytest.raises(Unavailable):
            await UnitOfWork(engine).__aenter__()
        async with UnitOfWork(engine, read_only=True) as reader:
            assert await reader.connection.scalar(text("SELECT 1")) == 1
    await engine.dispose()


async def test_a_connection_that_breaks_is_unavailable_and_replaced(
    postgres_url: str, tmp_path: Path
) -> None:
    """As when PostgreSQL restarts: whoever was in the middle hears of it, the next one doesn't."""
    engine = create_engine(
        Settings(_env_file=None, database_url=postgres_url, offstage_data_dir=tmp_path)
    )

    async def lose_the_connection() -> None:
        async with UnitOfWork(engine) as killer, UnitOfWork(engine) as uow:
            process = await uow.connection.scalar(text("SELECT pg_backend_pid()"))
            await killer.connection.execute(
                text("SELECT pg_terminate_backend(:process)"), {"process": process}
            )
            await uow.connection.scalar(text("SELECT 1"))

    with pytest.raises(Unavailable):
        await lose_the_connection()
    async with UnitOfWork(engine, read_only=True) as uow:
        assert await uow.connection.scalar(text("SELECT 1")) == 1
    await engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody:hunter2@127.0.0.1:9/none",
        "sqlite:////proc/offstage/none.db",
    ],
)
async def test_a_database_that_is_away_is_unavailable(url: str, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=url, offstage_data_dir=tmp_path)
    with pytest.raises((Unavailable, Misconfigured)) as caught:
        async with UnitOfWork(create_engine(settings)):
            pass
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize(
    "url", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "postgresql+psycopg://h/d", "no"]
)
def test_other_databases_are_refused_by_name(url: str, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=url, offstage_data_dir=tmp_path)
    with pytest.raises(Misconfigured, match="DATABASE_URL"):
        create_engine(settings)
