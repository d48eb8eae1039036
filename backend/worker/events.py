"""A job's event log: a Redis stream per job, and the last progress, usage and artifact in its hash.

Writing never holds an agent up: events are collected and go out together, a few times a second at
the most, and once more before the job ends.
"""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime

from redis.asyncio import Redis

from backend.domain.events import (
    ArtifactSaved,
    EventEnvelope,
    Progress,
    RunEvent,
    TextDelta,
    Usage,
)
from backend.telemetry.logging import get_logger
from backend.worker import keys
from backend.worker.redis_client import REDIS_AWAY

_log = get_logger("offstage.events")
# A log longer than this loses its oldest events: a flooding agent must not fill Redis.
_LONGEST_LOG = 2_000
_FLUSH_EVERY_S = 0.05
# With Redis away: what a process holds back at most, oldest dropped first.
_MOST_HELD = 10_000

_IN_HASH: dict[type, str] = {
    Progress: "agent_progress",
    Usage: "agent_usage",
    ArtifactSaved: "agent_artifact",
}


class EventLog:
    """Writes the events of all jobs of one process. Use as an async context manager."""

    def __init__(self, redis: Redis, ttl_s: int) -> None:
        self._redis = redis
        self._ttl_s = ttl_s
        self._held: deque[EventEnvelope] = deque(maxlen=_MOST_HELD)
        self._wake = asyncio.Event()
        self._flushing = asyncio.Lock()
        self._flusher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> EventLog:
        self._flusher = asyncio.create_task(self._flush_forever())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._flusher is not None:
            self._flusher.cancel()
            await asyncio.gather(self._flusher, return_exceptions=True)
        await self.flush()

    def append(self, envelope: EventEnvelope) -> None:
        """Take an event; it is written within a moment."""
        self._held.append(envelope)
        self._wake.set()

    async def flush(self) -> None:
        """Write all that is held now. Events are a view of the run: if Redis is away they wait."""
        async with self._flushing:
            batch, self._held = list(self._held), deque(maxlen=_MOST_HELD)
            if not batch:
                return
            try:
                await self._write(batch)
            except REDIS_AWAY:
                self._held = deque([*batch, *self._held], maxlen=_MOST_HELD)
                _log.warning("events wait: Redis is away", held=len(self._held))

    async def _flush_forever(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(_FLUSH_EVERY_S)
            self._wake.clear()
            await self.flush()

    async def _write(self, batch: list[EventEnvelope]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        latest: dict[tuple[str, str], str] = {}
        for envelope in batch:
            event = envelope.event
            stream = keys.events_key(envelope.job_id)
            pipeline.xadd(
                stream,
                {"event": envelope.model_dump_json(by_alias=True, exclude_none=True)},
                maxlen=_LONGEST_LOG,
                approximate=True,
            )
            if field := _IN_HASH.get(type(event)):
                latest[envelope.job_id, field] = event.model_dump_json()
        for job_id in {envelope.job_id for envelope in batch}:
            pipeline.expire(keys.events_key(job_id), self._ttl_s)
        for (job_id, field), value in latest.items():
            pipeline.hset(keys.job_key(job_id), field, value)
        await pipeline.execute()


class JobRecorder:
    """Numbers one attempt's events and puts them into the log."""

    def __init__(self, log: EventLog, job_id: str, trace_id: str) -> None:
        self._log = log
        self._job_id = job_id
        self._trace_id = trace_id
        self._seq = 0

    def record(self, event: RunEvent) -> None:
        self._seq += 1
        self._log.append(
            EventEnvelope(
                seq=self._seq,
                time=datetime.now(UTC),
                job_id=self._job_id,
                trace_id=self._trace_id,
                event=event,
            )
        )


def span_attributes(event: RunEvent) -> dict[str, str | int] | None:
    """What of an event goes into the trace: numbers and names, never text that an agent wrote.

    None for events that come in floods.
    """
    if isinstance(event, TextDelta):
        return None
    return {
        key: value
        for key, value in event.model_dump(exclude={"type"}).items()
        if isinstance(value, str | int) and key not in ("message", "summary", "note")
    }
