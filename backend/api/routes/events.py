"""A job's events, as they happen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from backend.api.deps import CallerDep, LiveDep
from backend.api.event_stream import EventStream, event_chunks
from backend.api.problems import problems
from backend.domain.events import EventEnvelope
from backend.worker.event_reader import START

router = APIRouter(prefix="/jobs", tags=["jobs"])

# A Redis stream's id; 19 digits always fit into its 64 bits.
_POSITION = r"^([0-9]{1,19}(-[0-9]{1,19})?)?$"


@router.get(
    "/{job_id}/events",
    status_code=200,
    response_class=EventStream,
    responses={
        200: {"model": EventEnvelope, "description": "An EventEnvelope in the data of each event"},
        204: {"description": "The job has ended and there is nothing after this position"},
        **problems(404, 422, 503),
    },
)
async def follow_events(
    job_id: str,
    caller: CallerDep,
    live: LiveDep,
    last_event_id: Annotated[str, Header(pattern=_POSITION)] = "",
    resume_after: Annotated[
        str,
        Query(
            alias="last_event_id",
            pattern=_POSITION,
            description="For clients that can't send the header `Last-Event-ID`",
        ),
    ] = "",
) -> Response:
    """Follow a job: the events so far, or those after `Last-Event-ID`, and then each as it comes.

    The stream ends after the job's last event, `final_result` or `error`. It may break before at
    any time; come back with the last `id:` and nothing is missed or repeated. An `event: gap` says
    that the log was too long to be kept whole.
    """
    position = last_event_id or resume_after or START
    part = await live.read_events(job_id, caller.user_id, position)
    if part.is_over and not part.events:
        # 204 is what tells an EventSource not to come back.
        return Response(status_code=204)
    return EventStream(event_chunks(live, caller, job_id, position))
