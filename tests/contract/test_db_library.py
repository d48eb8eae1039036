"""The library is searched alike on both databases, by its owner alone, as it is at that moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import library, materials, sessions
from backend.db.engine import create_engine
from backend.db.library_index import LIBRARY_INDEX, Shelf
from backend.db.materials import NewMaterial
from backend.db.migrating import migrate
from backend.db.tables import passages
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import upgrade_engine
from backend.domain.library import LibraryHit, terms_of
from backend.settings import Settings

RUST = "Ownership is a set of rules. The borrow checker enforces them when a program compiles."
CACHES = "A cache keeps what was asked for. An eviction policy chooses what leaves it first."
SCHEDULER = "Планировщики делят процессорное время. Вытесняющая многозадачность прерывает процессы."
SHORT = "Указатель хранит адрес. Разыменование указателя даёт значение, на которое он указывает."


async def _session(engine: AsyncEngine, owner: str = "ann", title: str = "Course") -> str:
    async with UnitOfWork(engine) as uow:
        stored = await sessions.create(uow, owner, {"title": title})
        await uow.commit()
    return stored.id


async def _add(
    engine: AsyncEngine, session_id: str, title: str, body: str, owner: str = "ann"
) -> str:
    async with UnitOfWork(engine) as uow:
        stored = await materials.add(uow, owner, session_id, NewMaterial(title, body, "txt"))
        await uow.commit()
    return stored.id


async def _search(
    engine: AsyncEngine, query: str, owner: str = "ann", except_session: str | None = None
) -> list[LibraryHit]:
    async with UnitOfWork(engine, read_only=True) as uow:
        return await library.search(
            uow, owner, terms_of(query), limit=5, except_session=except_session
        )


async def _titles(engine: AsyncEngine, query: str, owner: str = "ann") -> list[str]:
    return [hit.material_title for hit in await _search(engine, query, owner)]


@pytest.fixture
async def session_id(engine: AsyncEngine) -> str:
    found = await _session(engine)
    for title, body in (("Rust", RUST), ("Caches", CACHES), ("ОС", SCHEDULER), ("C", SHORT)):
        await _add(engine, found, title, body)
    return found


async def test_words_are_found_in_their_other_forms(engine: AsyncEngine, session_id: str) -> None:
    wanted = {
        "rules of ownership": "Rust",
        "checking borrows": "Rust",
        "evict policies": "Caches",
        "планировщиком процессорного времени": "ОС",
        "вытесняющей многозадачностью": "ОС",
        "разыменовании указателей": "C",
        "ДАЕТ ЗНАЧЕНИЕ": "C",
    }
    found = {query: (await _titles(engine, query))[:1] for query in wanted}
    assert found == {query: [title] for query, title in wanted.items()}


async def test_a_hit_says_where_it_stands(engine: AsyncEngine) -> None:
    session_id = await _session(engine, title="Systems")
    body = "\n\n".join(
        [*(f"Глава {n}. 🦔 Слова, слова и ещё раз слова. " * 20 for n in range(12)), RUST]
    )
    material_id = await _add(engine, session_id, "A book", body)
    (hit,) = await _search(engine, "borrow checker")
    assert (hit.session_id, hit.session_title) == (session_id, "Systems")
    assert (hit.material_id, hit.material_title) == (material_id, "A book")
    assert hit.text == body[hit.start : hit.end]
    assert RUST in hit.text
    assert len(hit.text) < 2_000


async def test_a_rare_word_tells_more_than_one_that_stands_everywhere(
    engine: AsyncEngine,
) -> None:
    session_id = await _session(engine)
    for number in range(12):
        await _add(engine, session_id, f"Page {number}", "A process waits. " * (number + 1))
    await _add(engine, session_id, "Deadlocks", "A process in a deadlock waits for ever.")
    assert (await _titles(engine, "process deadlock"))[0] == "Deadlocks"


async def test_a_title_finds_its_text(engine: AsyncEngine, session_id: str) -> None:
    await _add(engine, session_id, "Garbage collection", "Nothing points there any more.")
    assert await _titles(engine, "garbage collector") == ["Garbage collection"]


async def test_nobody_elses_library_is_searched(engine: AsyncEngine, session_id: str) -> None:
    theirs = await _session(engine, "bob")
    await _add(engine, theirs, "Theirs", "Ownership of borrowed books. Rules.", "bob")
    assert await _titles(engine, "ownership rules", "bob") == ["Theirs"]
    assert await _titles(engine, "ownership rules", "ann") == ["Rust"]
    assert await _titles(engine, "ownership rules", "eve") == []


async def test_a_text_cannot_pass_for_another_owners(engine: AsyncEngine) -> None:
    theirs = await _session(engine, "bob")
    await _add(engine, theirs, "Theirs", "ownership", "bob")
    async with UnitOfWork(engine) as uow:
        of_bob = await uow.connection.scalar(select(passages.c.terms))
    await _add(engine, theirs, "Forged", str(of_bob), "bob")
    mine = await _session(engine, "ann")
    await _add(engine, mine, "Mine", str(of_bob), "ann")
    assert sorted(await _titles(engine, "ownership", "bob")) == ["Forged", "Theirs"]
    assert await _titles(engine, "ownership", "ann") == ["Mine"]


async def test_what_is_gone_is_not_found(engine: AsyncEngine, session_id: str) -> None:
    other = await _session(engine)
    material_id = await _add(engine, other, "Gone", "Zettelkasten")
    await _add(engine, other, "With its session", "Palimpsest")
    async with UnitOfWork(engine) as uow:
        await materials.remove(uow, "ann", other, material_id)
        await uow.commit()
    assert await _titles(engine, "zettelkasten") == []
    assert await _titles(engine, "palimpsest") == ["With its session"]
    async with UnitOfWork(engine) as uow:
        await sessions.remove(uow, "ann", other)
        await uow.commit()
    assert await _titles(engine, "palimpsest") == []
    assert await _indexed(engine, "palimpsest") == 0


async def _indexed(engine: AsyncEngine, word: str) -> int:
    async with UnitOfWork(engine, read_only=True) as uow:
        (term,) = terms_of(word)
        found = Shelf(engine.dialect.name, "ann").having(term, limit=9).subquery()
        count = await uow.connection.scalar(select(func.count()).select_from(found))
    return int(count or 0)


async def test_what_is_rolled_back_is_not_found(engine: AsyncEngine, session_id: str) -> None:
    async with UnitOfWork(engine) as uow:
        await materials.add(uow, "ann", session_id, NewMaterial("T", "Zettelkasten", "txt"))
    assert await _titles(engine, "zettelkasten") == []


async def test_a_session_can_be_left_out(engine: AsyncEngine, session_id: str) -> None:
    other = await _session(engine)
    await _add(engine, other, "Elsewhere", RUST)
    hits = await _search(engine, "ownership", except_session=session_id)
    assert [hit.material_title for hit in hits] == ["Elsewhere"]


async def test_a_query_is_words_and_nothing_else(engine: AsyncEngine, session_id: str) -> None:
    for query in ("", "—", '" OR 1 NEAR(', "' & | ! :*", "terms:x NOT", "\\", "a" * 5_000):
        assert await _titles(engine, query) == []


async def test_materials_from_before_the_index_are_found(database_url: str, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=database_url, offstage_data_dir=tmp_path)
    engine = create_engine(settings)
    async with UnitOfWork(engine) as uow:
        await uow.connection.run_sync(migrate, "0004")
        await uow.connection.execute(text(_OLD_SESSION))
        await uow.connection.execute(text(_OLD_MATERIAL), {"text": SCHEDULER})
        await uow.commit()
    await upgrade_engine(engine)
    (hit,) = await _search(engine, "многозадачность")
    await engine.dispose()
    assert hit.text == SCHEDULER


async def test_the_index_uses_itself(engine: AsyncEngine, session_id: str) -> None:
    """A condition that isn't the index's own expression would read every passage."""
    query = Shelf(engine.dialect.name, "ann").having("ownership", limit=9)
    compiled = query.compile(engine.sync_engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    async with UnitOfWork(engine) as uow:
        if engine.dialect.name == "postgresql":
            await uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        told = await uow.connection.exec_driver_sql(f"{explain} {compiled}")
        plan = " ".join(map(str, told.all()))
        assert LIBRARY_INDEX in plan
        assert await uow.connection.scalar(select(func.count()).select_from(passages)) == 4


_OLD_SESSION = (
    "INSERT INTO sessions (id, owner, title, created_at, updated_at) "
    "VALUES ('s', 'ann', 't', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
)
_OLD_MATERIAL = (
    "INSERT INTO materials "
    "(id, session_id, position, title, format, chars, sha256, text, created_at) "
    "VALUES ('m', 's', 1, 'Old', 'txt', 1, 'x', :text, CURRENT_TIMESTAMP)"
)
