"""Reads what a session holds into the plain data that an agent works on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.db import artifacts, session_queries, sessions
from backend.db.artifact_tables import saved_kinds
from backend.db.tables import materials
from backend.db.unit_of_work import UnitOfWork
from backend.domain.fingerprint import MaterialInput, SessionInput
from backend.domain.session_memory import Material, SessionInfo, SessionMemory


async def load_session_memory(
    uow: UnitOfWork, owner: str, session_id: str, agent: str | None = None
) -> SessionMemory:
    """The session's materials in order, its current artifacts and the queries to `agent` so far.

    Raises NotFound("session").
    """
    info = await load_session_info(uow, owner, session_id)
    briefs: dict[str, str] = {}
    for kind in saved_kinds():
        made = await artifacts.made_by_agents(uow, kind, session_id)
        if made and made[0].provenance.brief is not None:
            briefs[kind.name] = made[0].provenance.brief
    return SessionMemory(
        session=info,
        materials=await _materials(uow, session_id),
        artifacts=await _artifacts(uow, session_id),
        briefs=briefs,
        queries=await session_queries.latest(uow, session_id, agent) if agent else (),
    )


async def load_session_input(uow: UnitOfWork, owner: str, session_id: str) -> SessionInput:
    """The same as far as it makes a run another one, without the texts. Raises NotFound."""
    info = await load_session_info(uow, owner, session_id)
    c = materials.c
    found = await uow.connection.execute(
        select(c.id, c.title, c.language, c.format, c.sha256)
        .where(c.session_id == session_id)
        .order_by(c.position)
    )
    given = tuple(MaterialInput(**row._asdict()) for row in found)
    return SessionInput(info, given, await _artifacts(uow, session_id))


async def load_session_info(uow: UnitOfWork, owner: str, session_id: str) -> SessionInfo:
    """What the person said about the session. Raises NotFound("session")."""
    stored = await sessions.get(uow, owner, session_id)
    return SessionInfo(
        id=stored.id,
        title=stored.title,
        description=stored.description,
        goal=stored.goal,
        focus=stored.focus,
        tone=stored.tone,
        language=stored.language,
    )


async def _artifacts(uow: UnitOfWork, session_id: str) -> dict[str, dict[str, Any]]:
    current: dict[str, dict[str, Any]] = {}
    for kind in saved_kinds():
        version = await artifacts.find_current(uow, kind, session_id)
        if version is not None:
            current[kind.name] = version.content
    return current


async def _materials(uow: UnitOfWork, session_id: str) -> tuple[Material, ...]:
    c = materials.c
    found = await uow.connection.execute(
        select(c.id, c.title, c.text, c.language, c.format)
        .where(c.session_id == session_id)
        .order_by(c.position)
    )
    return tuple(Material(**row._asdict()) for row in found)
