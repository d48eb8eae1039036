"""`POST /agents/{id}/{version}/{artifact}`: one route for each agent that makes an artifact."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from backend.agents.registry import AgentSpec, all_agents
from backend.api.deps import CallerDep, ServicesDep
from backend.api.idempotency import IdempotencyKeyHeader, once
from backend.api.job_answers import accepted_answer
from backend.api.problems import problems
from backend.api.schemas.jobs import (
    ArtifactJobRequest,
    FinalPayload,
    JobAccepted,
    UnchangedVersion,
)
from backend.api.submitting import Request as Wanted
from backend.api.submitting import prepare, start
from backend.api.unchanged import Reuse, ReuseParam, offer
from backend.errors import InvalidIdempotencyKey
from backend.worker.tasks import run_in_request

router = APIRouter(prefix="/agents", tags=["agents"])


class RunMode(StrEnum):
    """`sync` runs the same code within the request, for debugging."""

    BACKGROUND = "background"
    SYNC = "sync"


def _add_route(spec: AgentSpec, artifact: str) -> None:
    @router.post(
        f"/{spec.id}/{spec.version}/{artifact}",
        name=f"make_{artifact}_with_{spec.id}_{spec.version}",
        summary=f"{spec.summary} In the background, or with mode=sync within the request.",
        status_code=202,
        response_model=JobAccepted,
        responses={
            200: {
                "model": FinalPayload | UnchangedVersion,
                "description": "mode=sync: the final payload; reuse=unchanged: the version that "
                "was made from the same input",
            },
            **problems(400, 404, 422, 429, 500, 502, 503, 504),
        },
    )
    async def make_artifact(
        request: Request,
        body: ArtifactJobRequest,
        caller: CallerDep,
        services: ServicesDep,
        mode: Annotated[RunMode, Query()] = RunMode.BACKGROUND,
        reuse: ReuseParam = Reuse.NEVER,
        idempotency_key: IdempotencyKeyHeader = None,
    ) -> Response:
        wanted = Wanted(caller.user_id, spec.id, spec.version, body)
        claim = once(idempotency_key, request, body)
        if offered := await offer(services, wanted, reuse, claim):
            return offered
        if mode is RunMode.BACKGROUND:
            return accepted_answer(await start(services, wanted, claim))
        if idempotency_key is not None:
            raise InvalidIdempotencyKey("Leave the Idempotency-Key out: mode=sync keeps nothing.")
        submission = await prepare(services.engine, caller.user_id, spec.id, spec.version, body)
        payload = submission.payload(job_id=uuid4().hex)
        limits = await services.limits.of(caller.user_id)
        result = await run_in_request(services.runtime, payload, limits, lambda event: None)
        return JSONResponse(
            FinalPayload.model_validate(result).model_dump(mode="json", by_alias=True)
        )


for _spec in all_agents():
    if _spec.saves is not None:
        _add_route(_spec, _spec.saves.name)
