"""Sources out of the person's own library, found and saved on either database."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.context import AgentContext
from backend.agents.offline import OFFLINE_MODEL_NAME, OfflineModel
from backend.db import artifacts, materials, sessions
from backend.db.materials import NewMaterial
from backend.db.session_memory import load_session_memory
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import Provenance
from backend.domain.sources import SOURCES, Sources
from backend.testing.running import run_in_loop
from backend.worker.job import JobPayload
from backend.worker.reach import library_of

LECTURE = "Вытеснение записей освобождает место. Без вытеснения записей кэш растёт. " * 3
EARLIER = "Прошлая лекция.\n\nВытеснением записей называют выбор того, что покинет кэш первым."


async def _session(engine: AsyncEngine, owner: str, title: str, text: str) -> str:
    async with UnitOfWork(engine) as uow:
        session = await sessions.create(uow, owner, {"title": title})
        await materials.add(uow, owner, session.id, NewMaterial(title, text, "txt"))
        await uow.commit()
    return session.id


async def _find(engine: AsyncEngine, session_id: str, memory: str = "backend") -> Sources:
    payload = JobPayload.model_validate(
        {
            "job_id": "job",
            "agent": "source_finder",
            "version": "v1",
            "session_id": session_id,
            "user_id": "ann",
            "query": {},
            "memory": memory,
        }
    )
    async with UnitOfWork(engine, read_only=True) as uow:
        stored = await load_session_memory(uow, "ann", session_id)
    context = AgentContext(
        "job", 1, stored, OfflineModel(), OFFLINE_MODEL_NAME, library=library_of(engine, payload)
    )
    run = await run_in_loop("source_finder", {"topics": ["вытеснение записей"]}, context)
    found: Sources = run.output
    return found


async def test_an_earlier_lecture_closes_a_gap_of_this_one(engine: AsyncEngine) -> None:
    earlier = await _session(engine, "ann", "Введение", EARLIER)
    await _session(engine, "bob", "Чужое", EARLIER)
    session_id = await _session(engine, "ann", "Кэши", LECTURE)
    found = await _find(engine, session_id)
    (source,) = found.sources
    assert (source.session_id, source.session_title, source.title) == (
        earlier,
        "Введение",
        "Введение",
    )
    assert source.material is not None
    async with UnitOfWork(engine) as uow:
        _, text = await materials.get_with_text(uow, "ann", earlier, source.material.material_id)
        assert text[source.material.start : source.material.end] == source.excerpt
        saved = await artifacts.save_version(
            uow,
            SOURCES,
            "ann",
            session_id,
            content=found.model_dump(mode="json", by_alias=True),
            provenance=Provenance(job_id="job"),
            base_version=0,
        )
        await uow.commit()
    assert source.excerpt.startswith("Вытеснением записей называют")
    async with UnitOfWork(engine, read_only=True) as uow:
        current = await artifacts.current(uow, SOURCES, "ann", session_id)
        memory = await load_session_memory(uow, "ann", session_id)
    assert (saved.version, current.title) == (1, "Источники: Кэши")
    assert Sources.model_validate(memory.artifacts["sources"]) == found


@pytest.mark.parametrize("memory", ["inmem"])
async def test_a_run_without_memory_sees_no_library(engine: AsyncEngine, memory: str) -> None:
    await _session(engine, "ann", "Введение", EARLIER)
    session_id = await _session(engine, "ann", "Кэши", LECTURE)
    assert (await _find(engine, session_id, memory)).sources == []
