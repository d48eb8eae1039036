"""From a request to a submission: what can be refused is refused before anything is queued."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.registry import AgentSpec, get_agent
from backend.api.deps import Services
from backend.api.schemas.jobs import JobRequest
from backend.db import materials, sessions
from backend.db.unit_of_work import UnitOfWork
from backend.errors import CallerError, NoMaterial
from backend.worker.submission import Accepted, Once, Submission


@dataclass(frozen=True)
class Request:
    """Who wants which agent run on what."""

    user_id: str
    agent_id: str
    version: str
    body: JobRequest


async def start(services: Services, wanted: Request, once: Once | None) -> Accepted:
    """Put a job into the queue. Raises what `prepare` and `JobQueue.submit` raise."""
    try:
        submission = await prepare(
            services.engine, wanted.user_id, wanted.agent_id, wanted.version, wanted.body
        )
    except CallerError:
        # What was answered once is answered again, also if its session is gone by now.
        if once and (before := await services.queue.recall(wanted.user_id, once)):
            return before
        raise
    limits = await services.limits.of(wanted.user_id)
    return await services.queue.submit(submission, once, limits)


async def prepare(
    engine: AsyncEngine, user_id: str, agent_id: str, version: str, body: JobRequest
) -> Submission:
    """The submission that a request asks for.

    Raises UnknownAgent, InvalidQuery, and for a run that touches a stored session
    NotFound("session") and NoMaterial.
    """
    spec = get_agent(agent_id, version)
    query = spec.parse_query(body.query)
    await _check_session(engine, user_id, spec, body)
    return Submission(
        agent=spec.id,
        version=spec.version,
        session_id=body.session_id,
        user_id=user_id,
        query=query.model_dump(mode="json", exclude_unset=True),
        memory=body.memory,
        apply_side_effects=body.apply_side_effects,
    )


async def _check_session(
    engine: AsyncEngine, user_id: str, spec: AgentSpec, body: JobRequest
) -> None:
    saves = spec.saves is not None and body.apply_side_effects
    if body.memory == "inmem" and spec.needs_material:
        raise NoMaterial(
            f"{spec.name} works on the session's material: send memory 'backend', not 'inmem'."
        )
    if body.memory == "inmem" and not saves:
        return
    async with UnitOfWork(engine, read_only=True) as uow:
        await sessions.get(uow, user_id, body.session_id)
        if spec.needs_material and not await materials.has_any(uow, body.session_id):
            raise NoMaterial("The session has no material yet: add a text or a file to it first.")
