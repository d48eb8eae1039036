"""Puts jobs into the queue: one, or a chain of them, in one atomic step."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from opentelemetry.trace import SpanKind
from redis.asyncio import Redis

from backend.limits import UNLIMITED, UserLimits, parse_fleet_concurrency
from backend.settings import Settings
from backend.telemetry.tracing import span, trace_id_of
from backend.worker import keys
from backend.worker.chain import ChainAccepted, ChainTerms
from backend.worker.job import JobLimits, JobPayload, new_job_fields
from backend.worker.limiting import Terms
from backend.worker.redis_client import redis_errors
from backend.worker.scripts import Scripts
from backend.worker.submission import IDEMPOTENCY_TTL_S, Accepted, Once, Submission, key_reused

_LISTS_KEPT_S = int(timedelta(days=30).total_seconds())
_TERMS_KNOWN_AT_MOST = 10_000


class Submitting:
    """The part of a `JobQueue` that makes jobs."""

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

    def _limits(self) -> JobLimits:
        return JobLimits(self._settings.agent_job_timeout, self._settings.agent_result_ttl)
