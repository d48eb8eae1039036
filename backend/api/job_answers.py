"""Jobs as responses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import Response

from backend.api.rate_headers import rate_headers
from backend.api.schemas.base import ResponseModel
from backend.api.schemas.jobs import (
    CancelReceiptOut,
    FinalPayload,
    JobAccepted,
    JobErrorOut,
    JobOut,
)
from backend.api.schemas.pipeline import ChainAnswer, LinkAccepted
from backend.domain.states import JobState
from backend.worker.chain import ChainAccepted
from backend.worker.job_view import JobLook, JobView
from backend.worker.queue import JobQueue, no_such_job
from backend.worker.submission import Accepted

# How soon a poller may come back, in seconds. The page's own clock backs off from there.
POLL_AFTER_S = 1
_YOUNG_S = 3
_POLL_A_RETRY_AFTER_S = 15


def accepted_answer(accepted: Accepted) -> Response:
    """`202`, with where to look and when."""
    body = JobAccepted.model_validate(_told(accepted))
    return _accepted(body, f"/jobs/{accepted.job_id}", accepted)


def chain_answer(session_id: str, agents: Sequence[str], accepted: ChainAccepted) -> Response:
    """The same for the links of a chain; `agents` are theirs."""
    links = [
        LinkAccepted(agent=agent, waits_for=waits_for, **_told(link))
        for agent, (link, waits_for) in zip(agents, accepted.links, strict=True)
    ]
    return _accepted(ChainAnswer(jobs=links), f"/jobs?session_id={session_id}", accepted)


def _told(accepted: Accepted) -> dict[str, Any]:
    return {
        "job_id": accepted.job_id,
        "status": accepted.state,
        "deduplicated": accepted.deduplicated,
        "queue_position": accepted.queue_position,
        "eta_seconds": None if accepted.eta_s is None else round(accepted.eta_s, 1),
    }


def _accepted(body: ResponseModel, location: str, accepted: Accepted | ChainAccepted) -> Response:
    headers = {"Location": location, "Retry-After": str(POLL_AFTER_S)}
    headers |= rate_headers(accepted.rates)
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(body.model_dump_json(by_alias=True), 202, headers, "application/json")


async def job_answer(queue: JobQueue, look: JobLook, headers: Mapping[str, str]) -> Response:
    """A job in full: where it stands, or what it made."""
    view = look.view()
    if view is None:
        raise no_such_job()
    if view.state is JobState.DONE:
        out = job_out(view, result=await queue.result(view.job_id))
    elif view.state is JobState.QUEUED and view.waits_for is None:
        out = job_out(view, place=await queue.position(view))
    else:
        out = job_out(view)
    return Response(
        out.model_dump_json(by_alias=True),
        headers={**_headers(look, view), **headers},
        media_type="application/json",
    )


def unchanged_answer(look: JobLook, headers: Mapping[str, str]) -> Response:
    """`304` for who knows the job as it stands."""
    return Response(status_code=304, headers={"ETag": look.etag, **headers})


def job_out(
    view: JobView,
    *,
    place: tuple[int, float | None] | None = None,
    result: dict[str, Any] | None = None,
) -> JobOut:
    """A job as it is shown; `place` is its position and ETA, where it waits in the queue."""
    position, eta_s = place or (None, None)
    if view.retry_at is not None:
        # It comes to the queue when it is due.
        position = None
    return JobOut(
        job_id=view.job_id,
        agent=view.agent,
        version=view.version,
        session_id=view.session_id,
        status=view.state,
        attempt=view.attempt,
        max_attempts=view.max_attempts,
        next_retry_at=view.retry_at,
        progress=view.progress,
        queue_position=position,
        eta_seconds=None if eta_s is None else round(eta_s, 1),
        created_at=view.created_at,
        started_at=view.started_at,
        ended_at=view.ended_at,
        trace_id=view.trace_id,
        usage=view.usage,
        artifact=view.artifact,
        error=JobErrorOut.model_validate(view.error, from_attributes=True) if view.error else None,
        result=FinalPayload.model_validate(result) if result else None,
        cancel=CancelReceiptOut.model_validate(view.cancel) if view.cancel else None,
        replay_of=view.replay_of,
        waits_for=view.waits_for,
        held_back=list(view.held_back),
    )


def _headers(look: JobLook, view: JobView) -> dict[str, str]:
    """When to look again: a young job may be done any moment, an ended one has no more to say, and
    one that waits for a retry goes on when that is due, unless somebody cancels it."""
    headers = {"Cache-Control": "private, no-cache", "ETag": look.etag}
    now = datetime.now(UTC)
    if view.retry_at is not None:
        left_s = math.ceil((view.retry_at - now).total_seconds())
        headers["Retry-After"] = str(min(max(left_s, POLL_AFTER_S), _POLL_A_RETRY_AFTER_S))
    elif not look.is_over and (now - view.created_at).total_seconds() > _YOUNG_S:
        headers["Retry-After"] = str(POLL_AFTER_S)
    return headers
