"""The queue as callers see it: submit (`submitting.py`), replay, look, list, cancel. RQ and Redis
stay behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from opentelemetry.trace import SpanKind

from backend.domain.events import Progress
from backend.domain.states import TERMINAL, JobState
from backend.errors import NotFound
from backend.limits import UNLIMITED, UserLimits
from backend.telemetry.metrics import FleetCounts
from backend.telemetry.tracing import carrier, span, trace_id_of
from backend.worker import keys
from backend.worker.fleet import count_fleet, count_workers
from backend.worker.job import (
    CANCELLED,
    payload_of,
    read_return_value,
    rq_now,
)
from backend.worker.job_list import JobPage, read_page
from backend.worker.job_view import JobLook, JobView
from backend.worker.redis_client import redis_errors
from backend.worker.submission import Accepted, eta_s
from backend.worker.submitting import Submitting

_PAGE_AT_MOST = 100


@dataclass(frozen=True)
class Generation:
    """The run that is making a session's artifact now."""

    status: JobState
    job_id: str
    progress: Progress | None


class JobQueue(Submitting):
    """One queue on one Redis. Every method raises Unavailable when Redis is away or full."""

    async def replay(self, job_id: str, user_id: str, limits: UserLimits = UNLIMITED) -> Accepted:
        """Try a failed job again, as a new job that finds the finished steps of the failed one.

        If its agent runs in its session already, that job is answered.
        Raises NotFound("job"), NotFailed and RateLimited.
        """
        await self.look(job_id, user_id)
        with redis_errors():
            data = await self._redis.hget(keys.job_key(job_id), "data")
        failed = payload_of({"data": cast(bytes, data or b"")})
        with span(f"replay {failed.agent_name}", kind=SpanKind.PRODUCER) as current:
            payload = failed.model_copy(
                update={
                    "job_id": uuid4().hex,
                    "trace": carrier(),
                    "first_job_id": failed.work_id,
                }
            )
            return await self._submit(payload, trace_id_of(current), limits, replay_of=job_id)

    async def get(self, job_id: str, user_id: str) -> JobView:
        """The job. Raises NotFound("job") if it is unknown, expired or another user's."""
        view = (await self.look(job_id, user_id)).view()
        if view is None:
            raise no_such_job()
        return view

    async def look(self, job_id: str, user_id: str) -> JobLook:
        """The job as it stands, unread. Raises NotFound("job") as `get` does."""
        look = await self._look(job_id)
        if look.user_id != user_id:
            raise no_such_job()
        return look

    async def _look(self, job_id: str) -> JobLook:
        with redis_errors():
            answer = await self._scripts.look([self._keys.name, job_id])
        return JobLook.of(job_id, answer)

    async def result(self, job_id: str) -> Any:
        """What a done job returned: the final payload, or None if it isn't kept any more."""
        with redis_errors():
            entries = await self._redis.xrevrange(keys.results_key(job_id), count=1)
        stored = cast("dict[bytes, bytes]", entries[0][1]) if entries else {}
        value = stored.get(b"return_value")
        return None if value is None else read_return_value(value)

    async def position(self, view: JobView) -> tuple[int, float | None]:
        """Where a queued job stands (1 is next; 0: not in the queue), and seconds until it ends."""
        with redis_errors():
            place, mean_s, slots = await self._scripts.position(
                [self._keys.name, view.job_id, f"{view.agent}@{view.version}"]
            )
        return place, eta_s(place, mean_s, slots)

    async def list_jobs(
        self,
        user_id: str,
        *,
        session_id: str | None = None,
        agent: str | None = None,
        status: JobState | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> JobPage:
        """A user's jobs, newest first. `cursor` is the `next_cursor` of the page before.

        Raises InvalidQuery for any other cursor.
        """
        index = (
            keys.session_jobs_key(user_id, session_id)
            if session_id
            else keys.user_jobs_key(user_id)
        )
        with redis_errors():
            return await read_page(
                self._redis,
                index,
                lambda view: _matches(view, agent, status),
                limit=min(limit, _PAGE_AT_MOST),
                cursor=cursor,
            )

    async def cancel(self, job_id: str, user_id: str) -> JobView:
        """Cancel a job; cancelling an ended one changes nothing. Raises NotFound("job").

        A job that waits is over at once. One that runs is told to stop, which its worker does
        within a second: look again to see it.
        """
        await self.get(job_id, user_id)
        ttl_s = self._settings.agent_result_ttl
        with redis_errors():
            await self._scripts.cancel(
                [self._keys.name, job_id, rq_now(), ttl_s, CANCELLED.model_dump_json()]
            )
        return await self.get(job_id, user_id)

    async def generation(self, user_id: str, session_id: str, agent: str) -> Generation | None:
        """The open job of `agent` (as 'id@v1') in this session, if there is one."""
        with redis_errors():
            claim = keys.claim_key(user_id, agent, session_id)
            holder = cast("bytes | None", await self._redis.get(claim))
        if holder is None:
            return None
        view = (await self._look(holder.decode())).view()
        if view is None or view.state in TERMINAL:
            return None
        return Generation(view.state, view.job_id, view.progress)

    async def ping(self) -> None:
        """Raises Unavailable unless Redis answers."""
        with redis_errors():
            await self._redis.ping()

    async def workers_seen(self) -> int:
        """How many workers have lately been heard of."""
        with redis_errors():
            return await count_workers(self._redis, self._keys)

    async def fleet_counts(self) -> FleetCounts:
        """What Redis has counted for `/metrics`, and how the queue stands now."""
        with redis_errors():
            return await count_fleet(self._redis, self._keys)


def no_such_job() -> NotFound:
    """The error for a job that is unknown, or somebody else's: the two look alike."""
    return NotFound("job", "There is no such job, or its result has expired.")


def _matches(view: JobView, agent: str | None, status: JobState | None) -> bool:
    return (agent is None or agent in (view.agent, f"{view.agent}@{view.version}")) and (
        status is None or view.state is status
    )
