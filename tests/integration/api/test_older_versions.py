"""Versions that were stored before a field got its present name are read like any other."""

from __future__ import annotations

from typing import Any

import httpx2

from backend.agents.synopsis_manager.current import current_of
from backend.api.deps import Services
from backend.db import artifacts
from backend.db.artifact_tables import tables_of
from backend.db.session_memory import load_session_memory
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS, Provenance

# As it was written when the number of dropped items was called `leftOut`.
STORED: dict[str, Any] = {
    "title": "Лекция",
    "language": "ru",
    "items": [{"type": "text", "text": "Первый абзац.", "sources": [], "grounded": True}],
    "injections": [{"materialId": "m1", "start": 0, "end": 9}],
    "leftOut": 2,
}


async def test_notes_with_the_former_name_of_what_was_dropped(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    async with UnitOfWork(services.engine) as uow:
        await artifacts.save_version(
            uow,
            SYNOPSIS,
            "local",
            session_id,
            content={"title": "Лекция", "language": "ru", "items": STORED["items"]},
            provenance=Provenance(job_id="job1", attempt=1),
            base_version=0,
        )
        await uow.connection.execute(tables_of(SYNOPSIS).versions.update().values(content=STORED))
        await uow.commit()
    address = f"/sessions/{session_id}/synopsis"

    old = (await client.get(f"{address}/versions/1")).json()
    assert (old["dropped"], old["grounding"]["dropped"]) == (2, 2)
    assert "leftOut" not in old

    current = await client.get(address)
    edit = {"title": "Моё", "items": [{"type": "note", "text": "Важно."}]}
    headers = {"If-Match": current.headers["ETag"]}
    assert (await client.put(address, json=edit, headers=headers)).json()["dropped"] == 2
    async with UnitOfWork(services.engine, read_only=True) as uow:
        memory = await load_session_memory(uow, "local", session_id)
    known = current_of(memory, [], written=False)
    assert known is not None
    assert known.synopsis.dropped == 2

    restored = await client.post(f"{address}/versions/1/restore")
    assert (restored.json()["version"], restored.json()["dropped"]) == (3, 2)
    assert (await client.get(f"{address}/versions/2/diff?against=1")).status_code == 200
    assert (await client.get(f"{address}/export?format=md&version=1")).status_code == 200
