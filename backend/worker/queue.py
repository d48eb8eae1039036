"""The queue as callers see it: submit, look, list, cancel. RQ and Redis stay behind it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from opentelemetry.trace import SpanKind
from redis.asyncio import Redis

from backend.domain.events import Progress
from backend.domain.states import TERMINAL, JobState
from backend.errors import NotFound
from backend.limits import UNLIMITED, UserLimits, parse_fleet_concurrency
from backend.settings import Settings
from backend.telemetry.metrics import FleetCounts
from backend.telemetry.tracing import carrier, span, trace_id_of
from backend.worker import keys
from backend.worker.chain import ChainAccepted, ChainTerms
from backend.worker.fleet import count_fleet, count_workers
from backend.worker.job import (
    CANCELLED,
    JobLimits,
    JobPayload,
    new_job_fields,
    payload_of,
    read_return_value,
    rq_now,
)
from backend.worker.job_list import JobPage, read_page
from backend.worker.job_view import JobLook, JobView
from backend.worker.limiting import Terms
from backend.worker.redis_client import redis_errors
from backend.worker.scripts import Scripts
from backend.worker.submission import (
    IDEMPOTENCY_TTL_S,
    Accepted,
    Once,
    Submission,
    eta_s,
    key_reused,
)

_LISTS_KEPT_S = int(timedelta(days=30).total_seconds())
_PAGE_AT_MOST = 100
_TERMS_KNOWN_AT_MOST = 10_000


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
        self._known_terms: dict[tuple[str, str], Terms] = {}
        self._fleet_caps = parse_fleet_concurrency(settings.agent_fleet_concurrency)

    async def submit(
        self, wanted: Submission, once: Once | None = None, limits: UserLimits = UNLIMITED
    ) -> Accepted:
        """Enqueue a job, or find the open one with the same agent and session.

        Claim, limits, enqueue and the answer kept for `once` are one atomic step, so any number of
        processes may submit at once. Raises IdempotencyKeyReused and RateLimited.
        """
        with span(f"submit {wanted.agent_name}", kind=SpanKind.PRODUCER) as current:
            payload = wanted.payload(job_id=uuid4().hex)
            return await self._submit(payload, trace_id_of(current), limits, once=once)

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

    async def submit_chain(
        self, wanted: Sequence[Submission], once: Once | None = None, limits: UserLimits = UNLIMITED
    ) -> ChainAccepted:
        """Enqueue jobs of one session in one atomic step, each to run when those before are done.

        A link whose agent runs or waits in the session already is that job. What an earlier run
        of a link's agent failed to release waits for the new one. All are made, or none.
        Raises what `submit` raises.
        """
        with span("submit chain", kind=SpanKind.PRODUCER) as current:
            payloads = [each.payload(job_id=uuid4().hex) for each in wanted]
            new_jobs = [self._fields(payload, trace_id_of(current)) for payload in payloads]
            user_id, session_id = payloads[0].user_id, payloads[0].session_id
            terms = ChainTerms([self._terms(user_id, each.agent, limits) for each in payloads])
            names = [
                keys.user_jobs_key(user_id),
                keys.session_jobs_key(user_id, session_id),
                keys.idempotency_key(user_id, once.key) if once else "",
                *(new["agent_claim"] for new in new_jobs),
            ]
            links: list[Any] = []
            for payload, new in zip(payloads, new_jobs, strict=True):
                flat = [part for pair in new.items() for part in pair]
                links += [payload.job_id, payload.agent_name, len(flat), *flat]
            bound, fingerprint = self._settings.agent_queue_max, once.fingerprint if once else ""
            head = [self._keys.name, bound, _LISTS_KEPT_S, fingerprint, IDEMPOTENCY_TTL_S]
            with redis_errors():
                answer = await self._scripts.chain(names, [*head, terms.as_json, *links])
            return ChainAccepted.of(answer, terms)

    def _fields(self, payload: JobPayload, trace_id: str) -> dict[str, Any]:
        claim = keys.claim_key(payload.user_id, payload.agent_name, payload.session_id)
        return new_job_fields(payload, self._settings.agent_queue, self._limits(), claim, trace_id)

    async def _submit(
        self,
        payload: JobPayload,
        trace_id: str,
        limits: UserLimits,
        *,
        once: Once | None = None,
        replay_of: str = "",
    ) -> Accepted:
        user_id, session_id, agent = payload.user_id, payload.session_id, payload.agent_name
        fields = self._fields(payload, trace_id)
        if replay_of:
            fields["agent_replay_of"] = replay_of
        names = [
            fields["agent_claim"],
            keys.user_jobs_key(user_id),
            keys.session_jobs_key(user_id, session_id),
            keys.idempotency_key(user_id, once.key) if once else "",
        ]
        bound = self._settings.agent_queue_max
        head = [payload.job_id, self._keys.name, bound, _LISTS_KEPT_S, agent, replay_of]
        idempotency = [once.fingerprint if once else "", IDEMPOTENCY_TTL_S]
        terms = self._terms(user_id, payload.agent, limits)
        flat = [part for pair in fields.items() for part in pair]
        with redis_errors():
            answer = await self._scripts.submit(names, [*head, *idempotency, terms.as_json, *flat])
        return Accepted.of(answer, terms)

    def _terms(self, user_id: str, agent_id: str, limits: UserLimits) -> Terms:
        """What was worked out for these limits before, as long as they are the same."""
        whose = user_id, agent_id
        known = self._known_terms.pop(whose, None)
        if known is None or known.limits is not limits:
            known = Terms(user_id, agent_id, limits, self._fleet_caps)
        # Anew at the end: the first in the dictionary is the one asked for longest ago.
        self._known_terms[whose] = known
        if len(self._known_terms) > _TERMS_KNOWN_AT_MOST:
            del self._known_terms[next(iter(self._known_terms))]
        return known

    async def recall(self, user_id: str, once: Once) -> Accepted | None:
        """What a request was answered that came with this key before, if one did.

        Raises IdempotencyKeyReused if it was another request.
        """
        before = await self._recall(user_id, once)
        return None if before is None else replace(Accepted.told(before), replayed=True)

    async def recall_chain(self, user_id: str, once: Once) -> ChainAccepted | None:
        """The same for a chain."""
        before = await self._recall(user_id, once)
        return None if before is None else ChainAccepted.told(before, replayed=True)

    async def _recall(self, user_id: str, once: Once) -> Any:
        with redis_errors():
            name = keys.idempotency_key(user_id, once.key)
            before = await self._redis.hmget(name, "fingerprint", "answer")
        fingerprint, answer = cast("list[bytes | None]", before)
        if fingerprint is None or answer is None:
            return None
        if fingerprint.decode() != once.fingerprint:
            raise key_reused()
        return json.loads(answer)

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
            return await count_workers(self._redis, self._keys)

    async def fleet_counts(self) -> FleetCounts:
        """What Redis has counted for `/metrics`, and how the queue stands now."""
        with redis_errors():
            return await count_fleet(self._redis, self._keys)

    def _limits(self) -> JobLimits:
        return JobLimits(self._settings.agent_job_timeout, self._settings.agent_result_ttl)


def no_such_job() -> NotFound:
    """The error for a job that is unknown, or somebody else's: the two look alike."""
    return NotFound("job", "There is no such job, or its result has expired.")


def _matches(view: JobView, agent: str | None, status: JobState | None) -> bool:
    return (agent is None or agent in (view.agent, f"{view.agent}@{view.version}")) and (
        status is None or view.state is status
    )
