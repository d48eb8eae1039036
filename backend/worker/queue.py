"""The queue as callers see it: submit, look, list, cancel. RQ and Redis stay behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast
from uuid import uuid4

from opentelemetry.trace import SpanKind
from redis.asyncio import Redis
from rq.utils import utcparse

from backend.domain.events import Progress
from backend.domain.states import PUBLIC_STATE, TERMINAL, JobState
from backend.errors import NotFound, Unavailable
from backend.settings import Settings
from backend.telemetry.metrics import FleetCounts, fleet_counts
from backend.telemetry.tracing import carrier, span, trace_id_of
from backend.worker import keys
from backend.worker.job import (
    CANCELLED,
    JobLimits,
    JobPayload,
    new_job_fields,
    read_return_value,
    rq_now,
)
from backend.worker.job_list import JobPage, read_page
from backend.worker.job_view import VIEW_FIELDS, JobLook, JobView
from backend.worker.redis_client import redis_errors
from backend.worker.scripts import Scripts

_LISTS_KEPT_S = int(timedelta(days=30).total_seconds())
_PAGE_AT_MOST = 100


@dataclass(frozen=True)
class Submission:
    """What is to run, for whom."""

    agent: str
    version: str
    session_id: str
    user_id: str
    query: dict[str, Any]
    memory: Literal["backend", "inmem"] = "inmem"
    apply_side_effects: bool = True

    @property
    def agent_name(self) -> str:
        return f"{self.agent}@{self.version}"

    def payload(self, job_id: str) -> JobPayload:
        """The task's argument, placed in the current trace."""
        return JobPayload(job_id=job_id, trace=carrier(), **vars(self))


@dataclass(frozen=True)
class Accepted:
    """What became of a submission: a new job, or the open one that holds its claim."""

    job_id: str
    state: JobState
    deduplicated: bool
    queue_position: int
    eta_s: float | None


@dataclass(frozen=True)
class Generation:
    """The run that is making a session's artifact now."""

    status: JobState
    job_id: str
    progress: Progress | None


class JobQueue:
    """One queue on one Redis. Every method raises Unavailable when Redis is away or full."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._keys = keys.QueueKeys(settings.agent_queue)
        self._scripts = Scripts(redis)

    async def submit(self, wanted: Submission) -> Accepted:
        """Enqueue a job, or find the open one with the same agent and session.

        Claim and enqueue are one atomic step, so any number of processes may submit at once.
        """
        agent = wanted.agent_name
        with span(f"submit {agent}", kind=SpanKind.PRODUCER) as current:
            payload = wanted.payload(job_id=uuid4().hex)
            claim = keys.claim_key(wanted.user_id, agent, wanted.session_id)
            fields = new_job_fields(
                payload, self._settings.agent_queue, self._limits(), claim, trace_id_of(current)
            )
            lists = [
                keys.user_jobs_key(wanted.user_id),
                keys.session_jobs_key(wanted.user_id, wanted.session_id),
            ]
            flat = [part for pair in fields.items() for part in pair]
            bound = self._settings.agent_queue_max
            head = [payload.job_id, self._keys.name, bound, _LISTS_KEPT_S, agent]
            with redis_errors():
                answer = await self._scripts.submit([claim, *lists], [*head, *flat])
        if answer[1] == b"full":
            raise Unavailable(
                "The queue is full. Try again when some jobs are done.", retry_after_s=30
            )
        found, outcome, rq_status, place, mean_s, slots = answer
        return Accepted(
            job_id=found.decode(),
            state=PUBLIC_STATE[rq_status.decode()],
            deduplicated=outcome == b"existing",
            queue_position=place,
            eta_s=_eta_s(place, mean_s, slots),
        )

    async def get(self, job_id: str, user_id: str) -> JobView:
        """The job. Raises NotFound("job") if it is unknown, expired or another user's."""
        view = (await self.look(job_id, user_id)).view()
        if view is None:
            raise _no_such_job()
        return view

    async def look(self, job_id: str, user_id: str) -> JobLook:
        """The job as it stands, unread. Raises NotFound("job") as `get` does."""
        look = await self._look(job_id)
        if look.user_id != user_id:
            raise _no_such_job()
        return look

    async def _look(self, job_id: str) -> JobLook:
        with redis_errors():
            answer = await self._scripts.look([self._keys.name, job_id, *VIEW_FIELDS])
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
        return place, _eta_s(place, mean_s, slots)

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
        view = (await self._look((holder or b"").decode())).view()
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
            names = sorted(await self._redis.smembers(self._keys.workers))
            pipeline = self._redis.pipeline(transaction=False)
            for name in names:
                pipeline.hmget(name, "birth", "death")
            seen = await pipeline.execute()
        return sum(1 for birth, death in seen if birth and not death)

    async def fleet_counts(self) -> FleetCounts:
        """What Redis has counted for `/metrics`, and how the queue stands now."""
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.hgetall(keys.METRICS_KEY)
            pipeline.llen(self._keys.queue)
            pipeline.zcard(self._keys.scheduled)
            pipeline.zcard(self._keys.wip)
            pipeline.lindex(self._keys.queue, 0)
            counted, queued, scheduled, running, first = await pipeline.execute()
            since = (
                await self._redis.hget(keys.job_key(first.decode()), "created_at")
                if first
                else None
            )
        workers = await self.workers_seen()
        return fleet_counts(
            counted,
            queued=queued,
            scheduled=scheduled,
            running=running,
            workers=workers,
            oldest_wait_s=_age_s(cast("bytes | None", since)),
        )

    def _limits(self) -> JobLimits:
        return JobLimits(self._settings.agent_job_timeout, self._settings.agent_result_ttl)


def _no_such_job() -> NotFound:
    return NotFound("job", "There is no such job, or its result has expired.")


def _age_s(created_at: bytes | None) -> float:
    if created_at is None:
        return 0.0
    return max(0.0, (datetime.now(UTC) - utcparse(created_at.decode())).total_seconds())


def _matches(view: JobView, agent: str | None, status: JobState | None) -> bool:
    return (agent is None or agent in (view.agent, f"{view.agent}@{view.version}")) and (
        status is None or view.state is status
    )


def _eta_s(place: int, mean_s: bytes, slots: int) -> float | None:
    """Rounds of the whole fleet until this place's turn is over, at recent durations."""
    if not mean_s or not slots:
        return None
    return float(mean_s) * max(1, math.ceil(place / slots))
