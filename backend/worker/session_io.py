"""What a run reads from SQL before it starts and commits when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from backend.agents.registry import AgentSpec
from backend.db import artifacts, session_queries
from backend.db.session_memory import load_session_memory
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import Provenance
from backend.domain.events import ArtifactSaved
from backend.domain.session_memory import SessionInfo, SessionMemory
from backend.errors import Unavailable
from backend.worker.job import JobPayload

_DATABASE_MAY_BE_AWAY_S = 30


@dataclass(frozen=True)
class Material:
    """`base_version` is the artifact's highest version number at this moment; 0 for none."""

    memory: SessionMemory
    base_version: int


def _patiently() -> AsyncRetrying:
    """A database that restarts or is locked is waited for: the work is worth more than a moment."""
    return AsyncRetrying(
        retry=retry_if_exception_type(Unavailable),
        wait=wait_random_exponential(multiplier=0.1, max=2),
        stop=stop_after_delay(_DATABASE_MAY_BE_AWAY_S),
        reraise=True,
    )


async def find_saved(engine: AsyncEngine, spec: AgentSpec, job_id: str) -> ArtifactSaved | None:
    """The version that an earlier execution of this job has saved, if one did."""
    if spec.saves is None:
        return None
    async for attempt in _patiently():
        with attempt:
            async with UnitOfWork(engine, read_only=True) as uow:
                saved = await artifacts.find_by_job(uow, spec.saves, job_id)
    if saved is None:
        return None
    return ArtifactSaved(kind=spec.saves.name, id=saved.artifact_id, version=saved.version)


async def load(engine: AsyncEngine, spec: AgentSpec, payload: JobPayload) -> Material:
    """What the session holds, as far as the job asks for it. Raises NotFound("session")."""
    if payload.memory == "inmem" and not _saves(spec, payload):
        return Material(SessionMemory(session=SessionInfo(id=payload.session_id)), 0)
    async for attempt in _patiently():
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
    return Material(memory, base)


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
    async for attempt in _patiently():
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
                    job_id=payload.job_id,
                )
                await uow.commit()
    return ArtifactSaved(kind=spec.saves.name, id=saved.artifact_id, version=saved.version)


def _saves(spec: AgentSpec, payload: JobPayload) -> bool:
    return spec.saves is not None and payload.apply_side_effects
