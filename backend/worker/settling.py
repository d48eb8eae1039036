"""How an execution ends in Redis. Ends that come close together go out in one round trip."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from redis.asyncio import Redis

from backend.domain.events import FinalResult
from backend.settings import Settings
from backend.telemetry.logging import get_logger
from backend.telemetry.metrics import bucket_of
from backend.worker.cancelling import cancel_and_wait
from backend.worker.events import Batch, EventLog
from backend.worker.job import CANCELLED, JobError, rq_now, rq_return_value, rq_time
from backend.worker.redis_client import REDIS_AWAY
from backend.worker.scripts import Scripts

_log = get_logger("offstage.worker")
_TRY_AGAIN_S = 0.5

# On the way out: how long ends may wait for Redis. Their leases bring the jobs back after that.
_LAST_WAIT_S = 5

_CANCELLED = (CANCELLED.model_dump_json(), CANCELLED.as_exc_string())

Outcome = Literal["done", "failed", "cancelled", "retry", "hand_back"]


@dataclass(frozen=True)
class Lease:
    """One execution of a job by this worker. `began` is a monotonic time."""

    job_id: str
    execution_id: str
    began: float

    @property
    def duration_s(self) -> float:
        return time.monotonic() - self.began


@dataclass(frozen=True)
class Ending:
    """What becomes of a job, as the tail of settle.lua's arguments."""

    outcome: Outcome
    arguments: tuple[Any, ...] = ()


HAND_BACK = Ending("hand_back")
CANCEL = Ending("cancelled")


def done(result: dict[str, Any]) -> Ending:
    """The job's result is its final payload; the terminal event tells the agent's output."""
    event = FinalResult(output=result["output"])
    return Ending("done", (rq_return_value(result), event.model_dump_json(by_alias=True)))


def failed(error: JobError) -> Ending:
    return Ending("failed", (error.model_dump_json(), error.as_exc_string()))


def retry(error: JobError, delay_s: float) -> Ending:
    due = datetime.now(UTC) + timedelta(seconds=delay_s)
    return Ending("retry", (due.timestamp(), rq_time(due), error.model_dump_json()))


@dataclass(frozen=True)
class Ended:
    """An execution that is over, and when: `at` is the time as RQ writes it."""

    lease: Lease
    ending: Ending
    at: str
    duration_s: float

    @classmethod
    def now(cls, lease: Lease, ending: Ending) -> Ended:
        return cls(lease, ending, rq_now(), lease.duration_s)


def settle_arguments(settings: Settings, worker_name: str, ended: Ended, told: Batch) -> list[Any]:
    """What `scripts/settle.lua` is called with; `told` is what the execution told last."""
    return [
        settings.agent_queue,
        ended.lease.job_id,
        ended.lease.execution_id,
        worker_name,
        ended.ending.outcome,
        ended.at,
        settings.agent_result_ttl,
        ended.duration_s,
        bucket_of(ended.duration_s),
        *_CANCELLED,
        *told.arguments(),
        *ended.ending.arguments,
    ]


# Told whether the end was written.
Settled = Callable[[bool], None]


class Settler:
    """Settles executions, in the order they ended, for as long as it takes Redis to answer.

    With the end goes what the execution told last and `events` still holds. Use as an async context
    manager: on the way out everything is settled, if Redis is there.
    """

    def __init__(
        self, redis: Redis, settings: Settings, worker_name: str, events: EventLog
    ) -> None:
        self._scripts = Scripts(redis)
        self._settings = settings
        self._worker_name = worker_name
        self._events = events
        self._ended: asyncio.Queue[tuple[Ended, Settled]] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Settler:
        self._writer = asyncio.create_task(self._write_forever())
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            async with asyncio.timeout(_LAST_WAIT_S):
                await self._ended.join()
        except TimeoutError:
            _log.error("ended jobs weren't written: Redis is away; they will run again")
        if self._writer is not None:
            await cancel_and_wait(self._writer)

    def settle(self, lease: Lease, ending: Ending, settled: Settled) -> None:
        """End the execution; once that is written, `settled` is called.

        With False if the lease was gone, so that nothing was changed.
        """
        self._ended.put_nowait((Ended.now(lease, ending), settled))

    async def _write_forever(self) -> None:
        while True:
            batch = [await self._ended.get()]
            while not self._ended.empty():
                batch.append(self._ended.get_nowait())
            async with self._events.still():
                calls = [self._call(ended) for ended, _ in batch]
            answers = await self._write(calls)
            for (_, settled), answer in zip(batch, answers, strict=True):
                settled(answer == 1)
                self._ended.task_done()

    def _call(self, ended: Ended) -> list[Any]:
        told = self._events.withdraw(ended.lease.job_id, ended.lease.execution_id)
        return settle_arguments(self._settings, self._worker_name, ended, told)

    async def _write(self, calls: list[list[Any]]) -> list[Any]:
        """Settling is fenced and so may be repeated; an answer that got lost reads as 0."""
        while True:
            try:
                answers = await self._scripts.settle_all(calls)
            except REDIS_AWAY:
                _log.warning("ended jobs wait: Redis is away", waiting=len(calls))
                await asyncio.sleep(_TRY_AGAIN_S)
                continue
            for answer in answers:
                if isinstance(answer, Exception):
                    _log.error("a job's end was refused by Redis", kind=type(answer).__name__)
            return answers
