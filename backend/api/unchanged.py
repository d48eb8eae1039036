"""`reuse=unchanged`: what was made from the same input is offered as it is, without a run."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import Query
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.registry import get_agent
from backend.api.deps import Services
from backend.api.schemas.jobs import UnchangedVersion
from backend.api.submitting import Request as Wanted
from backend.api.submitting import prepare
from backend.db import artifacts
from backend.db.session_memory import load_session_input
from backend.db.unit_of_work import UnitOfWork
from backend.domain.fingerprint import fingerprint_of
from backend.worker.submission import Once


class Reuse(StrEnum):
    """Whether a version that was made from the same input may be the answer."""

    NEVER = "never"
    UNCHANGED = "unchanged"


ReuseParam = Annotated[
    Reuse,
    Query(
        description="`unchanged`: if a version was made from the same material, query, agent and "
        "model, it is the answer (200) and nothing runs"
    ),
]


async def offer(
    services: Services, wanted: Wanted, reuse: Reuse, once: Once | None
) -> JSONResponse | None:
    """The answer of `reuse=unchanged`; None if a run is to be started.

    What was answered once under an Idempotency-Key is answered again as it was.
    """
    if reuse is Reuse.NEVER or (once and await services.queue.recall(wanted.user_id, once)):
        return None
    model_name = services.settings.agents_default_model
    found = await _find_unchanged(services.engine, model_name, wanted)
    return None if found is None else _offered(found, wanted.body.session_id)


async def _find_unchanged(
    engine: AsyncEngine, model_name: str, wanted: Wanted
) -> UnchangedVersion | None:
    """The version that this request would make again; None if there is none.

    An update starts from what is there, so that only the current version can be its result.
    Raises what `prepare` raises.
    """
    submission = await prepare(engine, wanted.user_id, wanted.agent_id, wanted.version, wanted.body)
    spec = get_agent(submission.agent, submission.version)
    if spec.saves is None or submission.memory != "backend" or not submission.apply_side_effects:
        return None
    query = spec.parse_query(submission.query).model_dump(mode="json")
    async with UnitOfWork(engine, read_only=True) as uow:
        given = await load_session_input(uow, wanted.user_id, submission.session_id)
        made = await artifacts.made_by_agents(uow, spec.saves, submission.session_id)
    fingerprint = fingerprint_of(
        spec.name, spec.prompt_digest, model_name, query, given, spec.saves
    )
    for version in made:
        if version.provenance.fingerprint == fingerprint:
            if query.get("action") == "update" and not version.is_current:
                return None
            return UnchangedVersion(
                kind=spec.saves.name,
                version=version.number,
                is_current=version.is_current,
                created_at=version.created_at,
            )
    return None


def _offered(offered: UnchangedVersion, session_id: str) -> JSONResponse:
    place = f"/sessions/{session_id}/{offered.kind}/versions/{offered.version}"
    return JSONResponse(
        offered.model_dump(mode="json", by_alias=True), headers={"Content-Location": place}
    )
