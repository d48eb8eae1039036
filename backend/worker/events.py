"""A job's event log: a Redis stream per job, and the last progress, usage and artifact in its hash.

Writing never holds an agent up: events are collected and go out together, a few times a second at
the most, and once more before the job ends.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from backend.domain.events import (
    TERMINAL_EVENTS,
    ArtifactSaved,
    EventEnvelope,
    Progress,
    RunEvent,
    TextDelta,
    Usage,
)
from backend.settings import Settings
from backend.telemetry.logging import get_logger
from backend.worker.cancelling import cancel_and_wait
from backend.worker.redis_client import REDIS_AWAY, is_full
from backend.worker.scripts import Scripts

_log = get_logger("offstage.events")
# A log longer than this loses its oldest events: a flooding agent must not fill Redis.
_LONGEST_LOG = 2_000
_FLUSH_EVERY_S = 0.05
_TRY_AGAIN_S = 0.5
# With Redis away: what a process holds back at most, oldest dropped first.
_MOST_HELD = 10_000

_IN_HASH: dict[type, str] = {
    Progress: "agent_progress",
    Usage: "agent_usage",
    ArtifactSaved: "agent_artifact",
}


@dataclass(frozen=True)
class _Held:
    envelope: EventEnvelope
    execution_id: str


@dataclass
class _Batch:
    """What goes out for one execution of a job."""

    events: list[str] = field(default_factory=list)
    in_hash: dict[str, str] = field(default_factory=dict)
    held: list[_Held] = field(default_factory=list)

    def add(self, held: _Held) -> None:
        event = held.envelope.event
        self.held.append(held)
        self.events.append(held.envelope.model_dump_json(by_alias=True))
        if name := _IN_HASH.get(type(event)):
            self.in_hash[name] = event.model_dump_json()


class EventLog:
    """Writes the events of all jobs of one process. Use as an async context manager."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._scripts = Scripts(redis)
        self._queue = settings.agent_queue
        self._ttl_s = settings.agent_result_ttl
        self._held: deque[_Held] = deque(maxlen=_MOST_HELD)
        self._wake = asyncio.Event()
        self._flushing = asyncio.Lock()
        self._flusher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> EventLog:
        self._flusher = asyncio.create_task(self._flush_forever())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._flusher is not None:
            await cancel_and_wait(self._flusher)
        await self.flush()

    def append(self, envelope: EventEnvelope, execution_id: str = "") -> None:
        """Take an event; it is written within a moment.

        Given the execution that tells it, it is dropped if that one has lost its lease by then.
        """
        self._held.append(_Held(envelope, execution_id))
        self._wake.set()

    async def drain(self) -> None:
        """Write all that is held now, for as long as it takes Redis to answer."""
        while True:
            if await self.flush():
                return
            await asyncio.sleep(_TRY_AGAIN_S)

    async def flush(self) -> bool:
        """Try to write all that is held now; False if Redis is away or full and some must wait."""
        async with self._flushing:
            taken, self._held = list(self._held), deque(maxlen=_MOST_HELD)
            if not taken:
                return True
            waiting = await self._write(taken)
            if waiting:
                self._held = deque([*waiting, *self._held], maxlen=_MOST_HELD)
                _log.warning("events wait: Redis is away or full", held=len(self._held))
            return not waiting

    async def _flush_forever(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(_FLUSH_EVERY_S)
            self._wake.clear()
            await self.drain()

    async def _write(self, taken: list[_Held]) -> list[_Held]:
        """Write, and return what has to wait."""
        batches: dict[tuple[str, str], _Batch] = {}
        for held in taken:
            batches.setdefault((held.envelope.job_id, held.execution_id), _Batch()).add(held)
        calls = [self._call(*whose, batch) for whose, batch in batches.items()]
        try:
            answers = await self._scripts.record_all(calls)
        except REDIS_AWAY:
            return taken
        waiting: list[_Held] = []
        for (job_id, _), batch, answer in zip(batches, batches.values(), answers, strict=True):
            if not isinstance(answer, Exception):
                continue
            if is_full(answer):
                waiting += batch.held
            else:
                kind = type(answer).__name__
                _log.error("events were refused by Redis", job_id=job_id, kind=kind)
        return waiting

    def _call(self, job_id: str, execution_id: str, batch: _Batch) -> list[Any]:
        fields = [part for pair in batch.in_hash.items() for part in pair]
        head = [self._queue, job_id, execution_id, self._ttl_s, _LONGEST_LOG, len(batch.in_hash)]
        return [*head, *fields, *batch.events]


class JobRecorder:
    """Numbers one attempt's events and puts them into the log.

    An execution of our own worker leaves the terminal event to `scripts/settle.lua`, which writes
    it in the step that ends the job; without one (`execution_id` '') it is written here.
    """

    def __init__(self, log: EventLog, job_id: str, trace_id: str, execution_id: str = "") -> None:
        self._log = log
        self._job_id = job_id
        self._trace_id = trace_id
        self._execution_id = execution_id
        self._seq = 0

    def record(self, event: RunEvent) -> None:
        if self._execution_id and isinstance(event, TERMINAL_EVENTS):
            return
        self._seq += 1
        self._log.append(
            EventEnvelope(
                seq=self._seq,
                time=datetime.now(UTC),
                job_id=self._job_id,
                trace_id=self._trace_id,
                event=event,
            ),
            self._execution_id,
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
        if isinstance(value, str | int) and key not in ("message", "summary", "note", "reason")
    }
