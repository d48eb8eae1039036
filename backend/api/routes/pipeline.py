"""`POST /sessions/{id}/pipeline`: several agents one after another, as one submit."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from backend.api.chaining import start_chain
from backend.api.deps import CallerDep, ServicesDep
from backend.api.idempotency import IdempotencyKeyHeader, once
from backend.api.job_answers import chain_answer
from backend.api.problems import problems
from backend.api.schemas.jobs import SessionId
from backend.api.schemas.pipeline import ChainAnswer, PipelineRequest

router = APIRouter(prefix="/sessions", tags=["jobs"])


@router.post(
    "/{session_id}/pipeline",
    status_code=202,
    response_model=ChainAnswer,
    responses=problems(400, 404, 422, 429, 503),
)
async def start_pipeline(
    request: Request,
    session_id: SessionId,
    body: PipelineRequest,
    caller: CallerDep,
    services: ServicesDep,
    idempotency_key: IdempotencyKeyHeader = None,
) -> Response:
    """Run agents one after another in the background: plan, notes, analysis and sources, or others.

    Each is a job of its own, which starts when those before it are done; all are queued, or none.
    An agent that runs or waits in the session already is that link of the chain. When a link fails,
    what comes after it waits until that agent is tried again or started anew.
    """
    claim = once(idempotency_key, request, body)
    agents, accepted = await start_chain(services, caller.user_id, session_id, body, claim)
    return chain_answer(session_id, agents, accepted)
