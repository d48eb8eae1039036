"""What a run reads from SQL before it starts and commits when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.registry import AgentSpec
from backend.db import artifacts, session_queries
from backend.db.session_memory import load_session_memory
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import ArtifactKind, Provenance
from backend.domain.events import ArtifactSaved
from backend.domain.session_memory import SessionInfo, SessionMemory
from backend.worker.job import JobPayload
from backend.worker.patience import patiently

_DATABASE_MAY_BE_AWAY_S = 30


@dataclass(frozen=True)
class SavedRun:
    """An artifact that stands, and its content."""

    artifact: ArtifactSaved
    content: dict[str, Any]


@dataclass(frozen=True)
class RunInput:
    """`base_version` is the artifact's highest version number at this moment; 0 for none."""

    memory: SessionMemory
    base_version: int


async def find_saved(engine: AsyncEngine, spec: AgentSpec, payload: JobPayload) -> SavedRun | None:
    """What an earlier execution of this job has saved, if one did."""
    if spec.saves is None:
        return None
    async for attempt in patiently(_DATABASE_MAY_BE_AWAY_S):
        with attempt:
            async with UnitOfWork(engine, read_only=True) as uow:
                return await _saved_run(uow, spec.saves, payload)
    raise AssertionError("the last attempt returns or raises")


async def _saved_run(uow: UnitOfWork, kind: ArtifactKind, payload: JobPayload) -> SavedRun | None:
    saved = await artifacts.find_by_job(uow, kind, payload.work_id)
    if saved is None:
        return None
    version = await artifacts.get_version(
        uow, kind, payload.user_id, payload.session_id, saved.version
    )
    artifact = ArtifactSaved(kind=kind.name, id=saved.artifact_id, version=saved.version)
    return SavedRun(artifact, version.content)


async def load(engine: AsyncEngine, spec: AgentSpec, payload: JobPayload) -> RunInput:
    """What the session holds, as far as the job asks for it. Raises NotFound("session")."""
    if payload.memory == "inmem" and not _saves(spec, payload):
        return RunInput(SessionMemory(session=SessionInfo(id=payload.session_id)), 0)
    async for attempt in patiently(_DATABASE_MAY_BE_AWAY_S):
        with attempt:
            async with UnitOfWork(engine, read_only=True) as uow:
                memory = await load_session_memory(
                    uow, payload.user_id, payload.session_id, payload.agent_name
                )
                base = (
                    await artifacts.latest_number(uow, spec.saves, payload.session_id)
                    if spec.saves
                    else 0
                )
    if payload.memory == "inmem":
        memory = SessionMemory(session=memory.session)
    return RunInput(memory, base)


async def commit(
    engine: AsyncEngine,
    spec: AgentSpec,
    payload: JobPayload,
    output: dict[str, Any],
    provenance: Provenance,
    base_version: int,
) -> ArtifactSaved | None:
    """Save the artifact, its provenance and the query in one transaction, once per job.

    None if the agent saves nothing or the caller wanted no side effects.
    """
    if spec.saves is None or not _saves(spec, payload):
        return None
    async for attempt in patiently(_DATABASE_MAY_BE_AWAY_S):
        with attempt:
            async with UnitOfWork(engine) as uow:
                saved = await artifacts.save_version(
                    uow,
                    spec.saves,
                    payload.user_id,
                    payload.session_id,
                    content=output,
                    provenance=provenance,
                    base_version=base_version,
                )
                await session_queries.append(
                    uow,
                    payload.user_id,
                    payload.session_id,
                    agent=payload.agent_name,
                    query=payload.query,
                    job_id=payload.work_id,
                )
                await uow.commit()
    return ArtifactSaved(kind=spec.saves.name, id=saved.artifact_id, version=saved.version)


def _saves(spec: AgentSpec, payload: JobPayload) -> bool:
    return spec.saves is not None and payload.apply_side_effects
