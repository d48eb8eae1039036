"""Jobs as responses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi.responses import JSONResponse

from backend.api.schemas.jobs import FinalPayload, JobAccepted, JobErrorOut, JobOut
from backend.domain.states import TERMINAL
from backend.worker.job import JobView
from backend.worker.queue import Accepted

# How soon a poller may come back, in seconds. The page's own clock backs off from there.
POLL_AFTER_S = 1
_YOUNG_S = 3


def accepted_answer(accepted: Accepted) -> JSONResponse:
    """`202`, with where to look and when."""
    body = JobAccepted(
        job_id=accepted.job_id,
        status=accepted.state,
        deduplicated=accepted.deduplicated,
        queue_position=accepted.queue_position,
        eta_seconds=None if accepted.eta_s is None else round(accepted.eta_s, 1),
    )
    return JSONResponse(
        body.model_dump(mode="json", by_alias=True),
        status_code=202,
        headers={"Location": f"/jobs/{accepted.job_id}", "Retry-After": str(POLL_AFTER_S)},
    )


def job_out(
    view: JobView,
    *,
    place: tuple[int, float | None] | None = None,
    result: dict[str, Any] | None = None,
) -> JobOut:
    """A job as it is shown; `place` is its position and ETA, where it waits in the queue."""
    position, eta_s = place or (None, None)
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
    )


def job_headers(view: JobView) -> dict[str, str]:
    """When to look again: a young job may be done any moment, an ended one has no more to say."""
    headers = {"Cache-Control": "no-store"}
    age_s = (datetime.now(UTC) - view.created_at).total_seconds()
    if view.state not in TERMINAL and age_s > _YOUNG_S:
        headers["Retry-After"] = str(POLL_AFTER_S)
    return headers
