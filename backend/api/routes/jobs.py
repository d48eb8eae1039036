"""Jobs: start an agent off the request path, look at it, stop it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from backend.api.auth.caller import caller_of
from backend.api.contract import operation_id
from backend.api.deps import (
    CallerDep,
    PageCursor,
    PageLimit,
    QueueDep,
    ServicesDep,
    services_of,
)
from backend.api.etags import is_known
from backend.api.idempotency import IdempotencyKeyHeader, once
from backend.api.job_answers import accepted_answer, job_answer, job_out, unchanged_answer
from backend.api.preferences import LONGEST_WAIT_S, preferred_wait_s
from backend.api.problems import problems
from backend.api.quick_route import QuickRoute
from backend.api.schemas.base import ListPage
from backend.api.schemas.jobs import JobAccepted, JobOut, JobRequest, UnchangedVersion
from backend.api.submitting import Request as Wanted
from backend.api.submitting import start
from backend.api.unchanged import Reuse, ReuseParam, offer
from backend.domain.states import JobState

router = APIRouter(prefix="/jobs", tags=["jobs"])
# What callers do all day: submit, and look.
quick = APIRouter(
    prefix="/jobs",
    tags=["jobs"],
    route_class=QuickRoute,
    generate_unique_id_function=operation_id,
)


@quick.get(
    "/{job_id}",
    response_model=JobOut,
    responses={
        304: {"description": "Nothing has changed since the ETag in If-None-Match"},
        **problems(404, 503),
    },
)
async def get_job(
    request: Request,
    job_id: str,
    if_none_match: Annotated[str | None, Header()] = None,
    prefer: Annotated[
        str | None,
        Header(description=f"`wait=N`: answer at the next change, after N s (≤ {LONGEST_WAIT_S})"),
    ] = None,
) -> Response:
    """One job; a done one with its final payload. `Retry-After` tells when to look again.

    With `Prefer: wait=N` the answer comes at the next change: of what `If-None-Match` names, or
    without it of what is found at arrival.
    """
    live, user_id = services_of(request).live, caller_of(request.scope).user_id
    look = await live.queue.look(job_id, user_id)
    headers = {}
    if prefer and (wait_s := preferred_wait_s(request.headers.getlist("prefer"))) is not None:
        headers["Preference-Applied"] = f"wait={wait_s}"
        if if_none_match is None or is_known(if_none_match, look.etag):
            look = await live.next_look(job_id, user_id, other_than=look.etag, wait_s=wait_s)
    if is_known(if_none_match, look.etag):
        return unchanged_answer(look, headers)
    return await job_answer(live.queue, look, headers)


@quick.post(
    "/agents/{agent_id}/{version}",
    status_code=202,
    response_model=JobAccepted,
    responses={
        200: {
            "model": UnchangedVersion,
            "description": "reuse=unchanged: the version that was made from the same input",
        },
        **problems(400, 404, 422, 429, 503),
    },
)
async def submit_job(
    request: Request,
    agent_id: str,
    version: str,
    body: JobRequest,
    reuse: ReuseParam = Reuse.NEVER,
    idempotency_key: IdempotencyKeyHeader = None,
) -> Response:
    """Run an agent in the background.

    While a job of the same agent in the same session is queued or running, that one is answered.
    """
    services = services_of(request)
    wanted = Wanted(caller_of(request.scope).user_id, agent_id, version, body)
    claim = once(idempotency_key, request, body)
    if offered := await offer(services, wanted, reuse, claim):
        return offered
    return accepted_answer(await start(services, wanted, claim))


@router.get("", responses=problems(422, 503))
async def list_jobs(
    caller: CallerDep,
    queue: QueueDep,
    session_id: str | None = None,
    agent: Annotated[str | None, Query(description="`id` or `id@v1`")] = None,
    status: JobState | None = None,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> ListPage[JobOut]:
    """The caller's jobs, newest first, without their results."""
    page = await queue.list_jobs(
        caller.user_id,
        session_id=session_id,
        agent=agent,
        status=status,
        limit=limit,
        cursor=cursor,
    )
    return ListPage[JobOut](
        items=[job_out(view) for view in page.items], next_cursor=page.next_cursor
    )


@router.post("/{job_id}/cancel", status_code=202, responses=problems(404, 503))
async def cancel_job(job_id: str, caller: CallerDep, queue: QueueDep) -> JobOut:
    """Cancel a job. One that waits never starts; one that runs stops within a second or so."""
    return job_out(await queue.cancel(job_id, caller.user_id))


@router.post(
    "/{job_id}/replay",
    status_code=202,
    response_model=JobAccepted,
    responses=problems(404, 409, 429, 503),
)
async def replay_job(job_id: str, caller: CallerDep, services: ServicesDep) -> Response:
    """Try a failed job again, as a new job that keeps the steps which the failed one finished.

    While a job of the same agent in the same session is queued or running, that one is answered.
    """
    limits = await services.limits.of(caller.user_id)
    return accepted_answer(await services.queue.replay(job_id, caller.user_id, limits))
