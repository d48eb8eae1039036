"""Sessions, materials, earlier queries: kept in order, and only shown to their owner."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import materials, session_queries, sessions
from backend.db.materials import NewMaterial
from backend.db.paging import encode_cursor
from backend.db.session_memory import load_session_memory
from backend.db.unit_of_work import UnitOfWork
from backend.errors import InvalidQuery, NotFound

_FORGED = [
    encode_cursor("2026-01-01T00:00:00", "0" * 32),
    encode_cursor("2026-01-01T00:00:00+00:00", "\x00"),
    encode_cursor("yesterday", "0" * 32),
]


async def _session(engine: AsyncEngine, title: str = "Лекция") -> str:
    async with UnitOfWork(engine) as uow:
        stored = await sessions.create(uow, "ann", {"title": title})
        await uow.commit()
    return stored.id


async def _add(engine: AsyncEngine, session_id: str, title: str, body: str = "text") -> str:
    async with UnitOfWork(engine) as uow:
        stored = await materials.add(uow, "ann", session_id, NewMaterial(title, body, "txt"))
        await uow.commit()
    return stored.id


async def test_a_session_is_read_as_it_was_written(engine: AsyncEngine) -> None:
    before = datetime.now(UTC)
    async with UnitOfWork(engine) as uow:
        made = await sessions.create(uow, "ann", {"title": "Ёж 🦔", "tone": "коротко"})
        await uow.commit()
    async with UnitOfWork(engine, read_only=True) as uow:
        read = await sessions.get(uow, "ann", made.id)
    assert read == made
    assert (read.title, read.tone, read.goal) == ("Ёж 🦔", "коротко", None)
    assert read.created_at.utcoffset() is not None
    assert before <= read.created_at <= datetime.now(UTC)


async def test_someone_elses_session_is_as_good_as_none(engine: AsyncEngine) -> None:
    session_id = await _session(engine)
    material_id = await _add(engine, session_id, "m")
    async with UnitOfWork(engine) as uow:
        for attempt in (
            sessions.get(uow, "bob", session_id),
            sessions.change(uow, "bob", session_id, {"title": "Mine"}),
            sessions.remove(uow, "bob", session_id),
            materials.add(uow, "bob", session_id, NewMaterial("x", "x", "txt")),
            materials.get_with_text(uow, "bob", session_id, material_id),
            materials.list_page(uow, "bob", session_id, limit=5),
            materials.remove(uow, "bob", session_id, material_id),
            load_session_memory(uow, "bob", session_id),
        ):
            with pytest.raises(NotFound) as caught:
                await attempt
            assert caught.value.code == "session_not_found"
        assert (await sessions.list_page(uow, "bob", limit=5)).items == []


@pytest.mark.parametrize("made_up", ["", "none", "\x00", "0" * 33, "Ж" * 32, "F" * 32])
async def test_a_name_that_is_no_id_is_not_found(engine: AsyncEngine, made_up: str) -> None:
    session_id = await _session(engine)
    async with UnitOfWork(engine) as uow:
        with pytest.raises(NotFound) as caught:
            await sessions.get(uow, "ann", made_up)
        assert caught.value.code == "session_not_found"
        with pytest.raises(NotFound) as caught:
            await materials.remove(uow, "ann", session_id, made_up)
        assert caught.value.code == "material_not_found"


async def test_pages_show_each_session_once_newest_first(engine: AsyncEngine) -> None:
    made = [await _session(engine, f"{number}") for number in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        async with UnitOfWork(engine, read_only=True) as uow:
            page = await sessions.list_page(uow, "ann", limit=2, cursor=cursor)
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["", "!", "bm9wZQ", "ICAK", "a" * 200, "ж", *_FORGED])
async def test_a_made_up_cursor_is_named(engine: AsyncEngine, cursor: str) -> None:
    async with UnitOfWork(engine, read_only=True) as uow:
        with pytest.raises(InvalidQuery) as caught:
            await sessions.list_page(uow, "ann", limit=2, cursor=cursor)
    assert [problem.field for problem in caught.value.problems] == ["cursor"]


async def test_materials_added_at_once_get_places_of_their_own(engine: AsyncEngine) -> None:
    session_id = await _session(engine)
    await asyncio.gather(*(_add(engine, session_id, f"{n}") for n in range(8)))
    async with UnitOfWork(engine, read_only=True) as uow:
        page = await materials.list_page(uow, "ann", session_id, limit=10)
    assert [item.position for item in page.items] == list(range(1, 9))


async def test_a_deleted_session_takes_everything_along(engine: AsyncEngine) -> None:
    session_id = await _session(engine)
    await _add(engine, session_id, "m")
    async with UnitOfWork(engine) as uow:
        await session_queries.append(uow, "ann", session_id, agent="smoke@v1", query={}, job_id="j")
        await sessions.remove(uow, "ann", session_id)
        await uow.commit()
    async with UnitOfWork(engine, read_only=True) as uow:
        for table in ("sessions", "materials", "session_queries"):
            assert await uow.connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_changes_inside_move_the_sessions_time(engine: AsyncEngine) -> None:
    session_id = await _session(engine)
    async with UnitOfWork(engine, read_only=True) as uow:
        before = (await sessions.get(uow, "ann", session_id)).updated_at
    await _add(engine, session_id, "m")
    async with UnitOfWork(engine, read_only=True) as uow:
        assert (await sessions.get(uow, "ann", session_id)).updated_at > before


async def test_memory_has_materials_in_order_and_the_agents_own_queries(
    engine: AsyncEngine,
) -> None:
    session_id = await _session(engine)
    ids = [await _add(engine, session_id, title, f"{title}!") for title in ("one", "two")]
    async with UnitOfWork(engine) as uow:
        for job_id, agent, query in (
            ("j1", "a@v1", {"n": 1}),
            ("j2", "a@v1", {"n": 2}),
            ("j2", "a@v1", {"n": "a second commit of the same job"}),
            ("j3", "b@v1", {"n": 3}),
        ):
            await session_queries.append(
                uow, "ann", session_id, agent=agent, query=query, job_id=job_id
            )
        await uow.commit()
    async with UnitOfWork(engine, read_only=True) as uow:
        memory = await load_session_memory(uow, "ann", session_id, "a@v1")
    assert memory.session.title == "Лекция"
    assert [(m.id, m.text) for m in memory.materials] == [(ids[0], "one!"), (ids[1], "two!")]
    assert memory.queries == ({"n": 1}, {"n": 2})
    assert memory.artifacts == {}
