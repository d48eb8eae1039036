"""What the API asks of the queue beside jobs' own routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

from backend.agents.registry import all_agents
from backend.domain.artifacts import ArtifactKind
from backend.domain.states import JobState
from backend.errors import NotFound, Unavailable
from backend.telemetry.logging import get_logger
from backend.worker.job_view import JobView
from backend.worker.queue import Generation, JobQueue

_log = get_logger("offstage.api")


async def find_generation(
    queue: JobQueue, user_id: str, session_id: str, kind: ArtifactKind
) -> Generation | None:
    """The open job that makes the session's next artifact of `kind`, if there is one.

    Raises Unavailable.
    """
    for spec in all_agents():
        if spec.saves == kind:
            generation = await queue.generation(user_id, session_id, spec.name)
            if generation is not None:
                return generation
    return None


async def find_generation_if_reachable(
    queue: JobQueue, user_id: str, session_id: str, kind: ArtifactKind
) -> Generation | None:
    """The same, but None while Redis is away: notes that there are can be read all the same."""
    try:
        return await find_generation(queue, user_id, session_id, kind)
    except Unavailable:
        return None


async def cancel_open_jobs(queue: JobQueue, user_id: str, session_id: str) -> None:
    """Cancel the jobs of a session that is gone.

    With Redis away they are left alone: such a job finds no session and saves nothing.
    """
    try:
        for state in (JobState.QUEUED, JobState.RUNNING):
            async for job in _jobs_of(queue, user_id, session_id, state):
                # One that has expired meanwhile is gone anyway.
                with suppress(NotFound):
                    await queue.cancel(job.job_id, user_id)
    except Unavailable as error:
        _log.info("jobs of a deleted session were left alone", reason=error.code)


async def _jobs_of(
    queue: JobQueue, user_id: str, session_id: str, state: JobState
) -> AsyncIterator[JobView]:
    cursor: str | None = None
    while True:
        page = await queue.list_jobs(user_id, session_id=session_id, status=state, cursor=cursor)
        for job in page.items:
            yield job
        cursor = page.next_cursor
        if cursor is None:
            return
