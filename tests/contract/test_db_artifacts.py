"""Versions of an artifact: one per job, none lost, none overwritten, whoever races."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import artifacts, sessions
from backend.db.artifacts import SavedVersion, StoredVersion
from backend.db.session_memory import load_session_memory
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS, Provenance, VersionKind
from backend.errors import NotFound, VersionChanged


def _notes(text: str) -> dict[str, Any]:
    return {"title": text, "language": "ru", "items": [{"type": "text", "text": text}]}


@pytest.fixture
async def session_id(engine: AsyncEngine) -> str:
    async with UnitOfWork(engine) as uow:
        stored = await sessions.create(uow, "ann", {"title": "Лекция"})
        await uow.commit()
    return stored.id


async def _save(
    engine: AsyncEngine,
    session_id: str,
    job_id: str,
    *,
    base_version: int = 0,
    text: str | None = None,
) -> SavedVersion:
    async with UnitOfWork(engine) as uow:
        saved = await artifacts.save_version(
            uow,
            SYNOPSIS,
            "ann",
            session_id,
            content=_notes(text or job_id),
            provenance=Provenance(job_id=job_id, attempt=1, agent="synopsis_manager"),
            base_version=base_version,
        )
        await uow.commit()
    return saved


async def _edit(engine: AsyncEngine, session_id: str, text: str, if_match: int) -> SavedVersion:
    async with UnitOfWork(engine) as uow:
        saved = await artifacts.edit(
            uow, SYNOPSIS, "ann", session_id, content=_notes(text), if_match=if_match
        )
        await uow.commit()
    return saved


async def _restore(engine: AsyncEngine, session_id: str, number: int) -> SavedVersion:
    async with UnitOfWork(engine) as uow:
        saved = await artifacts.restore(uow, SYNOPSIS, "ann", session_id, number)
        await uow.commit()
    return saved


async def _current(engine: AsyncEngine, session_id: str) -> StoredVersion:
    async with UnitOfWork(engine, read_only=True) as uow:
        return await artifacts.current(uow, SYNOPSIS, "ann", session_id)


async def test_a_version_keeps_its_content_and_what_made_it(
    engine: AsyncEngine, session_id: str
) -> None:
    saved = await _save(engine, session_id, "job")
    current = await _current(engine, session_id)
    assert (saved.version, saved.kind, saved.already_saved) == (1, VersionKind.AGENT, False)
    assert current.number == 1
    assert current.content["items"][0]["text"] == "job"
    assert current.provenance == Provenance(job_id="job", attempt=1, agent="synopsis_manager")
    async with UnitOfWork(engine, read_only=True) as uow:
        memory = await load_session_memory(uow, "ann", session_id)
    assert memory.artifacts == {"synopsis": current.content}


async def test_what_a_model_wrote_is_kept_to_the_letter(
    engine: AsyncEngine, session_id: str
) -> None:
    odd = "Ёж 🦔 \x00 'quoted' \\ \u2028 %s :x"
    await _save(engine, session_id, "job", text=odd)
    assert (await _current(engine, session_id)).content == {
        **_notes(odd),
        "items": [
            {
                "type": "text",
                "text": odd,
                "sources": [],
                "grounded": True,
                "repaired": False,
                "edited": False,
            }
        ],
        "injections": [],
        "dropped": 0,
    }


async def test_one_job_has_one_version_however_often_it_saves(
    engine: AsyncEngine, session_id: str
) -> None:
    saved = await asyncio.gather(*(_save(engine, session_id, "job") for _ in range(8)))
    assert {each.version for each in saved} == {1}
    assert [each.already_saved for each in saved].count(False) == 1
    async with UnitOfWork(engine, read_only=True) as uow:
        found = await artifacts.find_by_job(uow, SYNOPSIS, "job")
        assert found is not None
        assert (found.version, found.already_saved) == (1, True)
        assert await artifacts.find_by_job(uow, SYNOPSIS, "another") is None
        assert await artifacts.latest_number(uow, SYNOPSIS, session_id) == 1


async def test_jobs_that_save_at_once_get_numbers_without_gaps(
    engine: AsyncEngine, session_id: str
) -> None:
    saved = await asyncio.gather(*(_save(engine, session_id, f"job{n}") for n in range(8)))
    assert sorted(each.version for each in saved) == list(range(1, 9))
    assert len({each.artifact_id for each in saved}) == 1
    assert (await _current(engine, session_id)).number == 8


async def test_a_persons_edit_is_not_overwritten(engine: AsyncEngine, session_id: str) -> None:
    await _save(engine, session_id, "first")
    await _edit(engine, session_id, "by hand", if_match=1)
    late = await _save(engine, session_id, "late", base_version=1)
    assert (late.version, late.kind) == (3, VersionKind.DRAFT)
    assert (await _current(engine, session_id)).content["title"] == "by hand"

    restored = await _restore(engine, session_id, 3)
    assert (restored.version, restored.kind) == (4, VersionKind.RESTORE)
    assert (await _current(engine, session_id)).content["title"] == "late"

    knowing = await _save(engine, session_id, "knowing", base_version=4)
    assert knowing.kind is VersionKind.AGENT
    assert (await _current(engine, session_id)).content["title"] == "knowing"


async def test_an_edit_and_an_agent_that_race_lose_neither(
    engine: AsyncEngine, session_id: str
) -> None:
    await _save(engine, session_id, "first")
    edited, agents = await asyncio.gather(
        _edit(engine, session_id, "by hand", if_match=1),
        _save(engine, session_id, "second", base_version=1),
        return_exceptions=True,
    )
    assert isinstance(agents, SavedVersion)
    current = await _current(engine, session_id)
    if isinstance(edited, SavedVersion):
        assert current.content["title"] == "by hand"
        assert agents.kind is VersionKind.DRAFT
    else:
        assert isinstance(edited, VersionChanged)
        assert current.content["title"] == "second"


async def test_two_edits_of_one_version_make_one_winner(
    engine: AsyncEngine, session_id: str
) -> None:
    await _save(engine, session_id, "first")
    results = await asyncio.gather(
        *(_edit(engine, session_id, f"edit {n}", if_match=1) for n in range(4)),
        return_exceptions=True,
    )
    assert [isinstance(each, SavedVersion) for each in results].count(True) == 1
    assert [isinstance(each, VersionChanged) for each in results].count(True) == 3


async def test_restoring_adds_a_version_once(engine: AsyncEngine, session_id: str) -> None:
    await _save(engine, session_id, "first")
    await _save(engine, session_id, "second")
    assert await _restore(engine, session_id, 1) == SavedVersion(
        (await _current(engine, session_id)).artifact_id, 3, VersionKind.RESTORE, False
    )
    again = await _restore(engine, session_id, 1)
    assert (again.version, again.already_saved) == (3, True)


async def test_versions_are_listed_newest_first_in_pages(
    engine: AsyncEngine, session_id: str
) -> None:
    for number in range(1, 4):
        await _save(engine, session_id, f"job{number}")
    async with UnitOfWork(engine, read_only=True) as uow:
        first = await artifacts.list_versions(uow, SYNOPSIS, "ann", session_id, limit=2)
        last = await artifacts.list_versions(
            uow, SYNOPSIS, "ann", session_id, limit=2, cursor=first.next_cursor
        )
    assert [(v.number, v.is_current) for v in first.items] == [(3, True), (2, False)]
    assert [(v.number, v.title) for v in last.items] == [(1, "job1")]
    assert last.next_cursor is None


async def test_what_is_not_there_is_named(engine: AsyncEngine, session_id: str) -> None:
    async with UnitOfWork(engine) as uow:
        for code, attempt in (
            ("synopsis_not_found", artifacts.current(uow, SYNOPSIS, "ann", session_id)),
            ("synopsis_not_found", artifacts.get_version(uow, SYNOPSIS, "ann", session_id, 1)),
            ("synopsis_not_found", artifacts.restore(uow, SYNOPSIS, "ann", session_id, 1)),
            ("session_not_found", artifacts.current(uow, SYNOPSIS, "bob", session_id)),
        ):
            with pytest.raises(NotFound) as caught:
                await attempt
            assert caught.value.code == code
    await _save(engine, session_id, "first")
    async with UnitOfWork(engine) as uow:
        with pytest.raises(NotFound) as caught:
            await artifacts.restore(uow, SYNOPSIS, "ann", session_id, 7)
    assert caught.value.code == "version_not_found"


async def test_a_job_of_a_deleted_session_saves_nothing(
    engine: AsyncEngine, session_id: str
) -> None:
    async with UnitOfWork(engine) as uow:
        await sessions.remove(uow, "ann", session_id)
        await uow.commit()
    with pytest.raises(NotFound):
        await _save(engine, session_id, "job")


async def test_content_that_is_no_synopsis_is_not_saved(
    engine: AsyncEngine, session_id: str
) -> None:
    with pytest.raises(ValueError, match="items"):
        async with UnitOfWork(engine) as uow:
            await artifacts.save_version(
                uow,
                SYNOPSIS,
                "ann",
                session_id,
                content={"title": "x", "language": "en"},
                provenance=Provenance(job_id="job"),
                base_version=0,
            )
    with pytest.raises(NotFound):
        await _current(engine, session_id)
