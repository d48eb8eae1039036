"""A job's event log: a Redis stream per job, and the last progress, usage and artifact in its hash.

Writing never holds an agent up: events are collected and go out together, a few times a second at
the most. What is left when a job ends is written in the step that ends it (`settling.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from backend.telemetry.secrets import hide_secrets
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


@dataclass
class Batch:
    """What one execution of a job has told and nobody has written yet, oldest first."""

    told: deque[EventEnvelope] = field(default_factory=deque)

    def arguments(self) -> list[Any]:
        """As `write_events` in `scripts/common.lua` reads them."""
        in_hash: dict[str, str] = {}
        for envelope in self.told:
            if name := _IN_HASH.get(type(envelope.event)):
                in_hash[name] = hide_secrets(envelope.event.model_dump_json())
        fields = [part for pair in in_hash.items() for part in pair]
        events = [hide_secrets(each.model_dump_json(by_alias=True)) for each in self.told]
        return [_LONGEST_LOG, len(in_hash), len(events), *fields, *events]


# A job and one of its executions; '' for what no execution of our worker tells.
_Teller = tuple[str, str]


class EventLog:
    """Writes the events of all jobs of one process. Use as an async context manager."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._scripts = Scripts(redis)
        self._queue = settings.agent_queue
        self._ttl_s = settings.agent_result_ttl
        self._held: dict[_Teller, Batch] = {}
        self._number_held = 0
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
        self._held.setdefault((envelope.job_id, execution_id), Batch()).told.append(envelope)
        self._number_held += 1
        self._drop_oldest()
        self._wake.set()

    @asynccontextmanager
    async def still(self) -> AsyncIterator[None]:
        """Inside, nothing is on its way to Redis: what is held is all that isn't written."""
        async with self._flushing:
            yield

    def withdraw(self, job_id: str, execution_id: str) -> Batch:
        """Take back what an execution has told and isn't written, for its end to write it.

        Inside `still()`, nothing that it told before can come after that.
        """
        batch = self._held.pop((job_id, execution_id), Batch())
        self._number_held -= len(batch.told)
        return batch

    async def drain(self) -> None:
        """Write all that is held now, for as long as it takes Redis to answer."""
        while True:
            if await self.flush():
                return
            await asyncio.sleep(_TRY_AGAIN_S)

    async def flush(self) -> bool:
        """Try to write all that is held now; False if Redis is away or full and some must wait."""
        async with self._flushing:
            taken, self._held, self._number_held = self._held, {}, 0
            if not taken:
                return True
            waiting = await self._write(taken)
            if waiting:
                self._take_back(waiting)
                _log.warning("events wait: Redis is away or full", held=self._number_held)
            return not waiting

    async def _flush_forever(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(_FLUSH_EVERY_S)
            self._wake.clear()
            await self.drain()

    def _take_back(self, waiting: dict[_Teller, Batch]) -> None:
        since, self._held = self._held, waiting
        for teller, batch in since.items():
            self._held.setdefault(teller, Batch()).told.extend(batch.told)
        self._number_held = sum(len(batch.told) for batch in self._held.values())
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        while self._number_held > _MOST_HELD:
            teller, batch = next(iter(self._held.items()))
            batch.told.popleft()
            self._number_held -= 1
            if not batch.told:
                del self._held[teller]

    async def _write(self, taken: dict[_Teller, Batch]) -> dict[_Teller, Batch]:
        """Write, and return what has to wait."""
        calls = [
            [self._queue, job_id, execution_id, self._ttl_s, *batch.arguments()]
            for (job_id, execution_id), batch in taken.items()
        ]
        try:
            answers = await self._scripts.record_all(calls)
        except REDIS_AWAY:
            return taken
        waiting: dict[_Teller, Batch] = {}
        for (teller, batch), answer in zip(taken.items(), answers, strict=True):
            if not isinstance(answer, Exception):
                continue
            if is_full(answer):
                waiting[teller] = batch
            else:
                kind = type(answer).__name__
                _log.error("events were refused by Redis", job_id=teller[0], kind=kind)
        return waiting


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
