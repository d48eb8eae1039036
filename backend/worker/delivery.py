"""How a job reached the task: by our worker, which settles it, or by a stock `rq worker`, which
knows nothing of claims, retries by kind of error, or counts, so that the task sees to those."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis
from rq import get_current_job

from backend.domain.events import RetryScheduled, RunFailed, Usage
from backend.domain.retry import MAX_ATTEMPTS, RetryDecision, decide
from backend.errors import OffstageError
from backend.telemetry.logging import get_logger
from backend.telemetry.metrics import bucket_of
from backend.worker import keys
from backend.worker.events import JobRecorder
from backend.worker.job import JobError, JobPayload, rq_time
from backend.worker.redis_client import read_hash, redis_errors
from backend.worker.runtime import Runtime

_log = get_logger("offstage.task")


class JobFailed(Exception):
    """What the task raises: the error, and the decision of what follows.

    Its text is all that RQ keeps of a failure; no traceback of an agent reaches Redis.
    """

    def __init__(self, error: JobError, decision: RetryDecision) -> None:
        super().__init__(f"{error.code}: {error.message}")
        self.error = error
        self.decision = decision


@dataclass(frozen=True)
class Delivery:
    """One hand-over of a job to the task.

    `errors` and `crashes` count what went wrong before, `used` is what earlier attempts used up,
    `account_key` where what it uses is counted against its user's day ('' for no budget),
    `execution_id` is our worker's; a stock worker's is ''.
    """

    errors: int = 0
    crashes: int = 0
    used: Usage = field(default_factory=Usage)
    account_key: str = ""
    execution_id: str = ""
    _began: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, fields: Mapping[str, bytes], job_id: str, *, execution_id: str = "") -> Delivery:
        """What the job's hash tells of earlier attempts."""
        used = fields.get("agent_usage")
        return cls(
            errors=int(fields.get("agent_errors", 0)),
            crashes=int(fields.get("agent_crashes", 0)),
            used=Usage.model_validate_json(used) if used else Usage(),
            account_key=keys.job_key(job_id) if "agent_budget" in fields else "",
            execution_id=execution_id,
        )

    @property
    def duration_s(self) -> float:
        return time.monotonic() - self._began

    @property
    def by_stock_worker(self) -> bool:
        return not self.execution_id

    @property
    def attempt(self) -> int:
        return self.errors + self.crashes + 1


current_delivery: ContextVar[Delivery | None] = ContextVar("offstage_delivery", default=None)


async def under_stock_worker(redis: Redis, job_id: str) -> Delivery:
    """The delivery of a job that no worker of ours handed over."""
    with redis_errors():
        raw = await read_hash(redis, keys.job_key(job_id))
    return Delivery.of(
        {name.decode(errors="replace"): value for name, value in raw.items()}, job_id
    )


async def settle_done(runtime: Runtime, job: JobPayload, delivery: Delivery) -> None:
    """Where nobody else does, see to it that all is told and that a done job is counted."""
    if delivery.by_stock_worker:
        await runtime.events.drain()
        await _close_under_stock_worker(runtime, job, delivery, "done")


async def settle_failure(
    runtime: Runtime,
    job: JobPayload,
    delivery: Delivery,
    recorder: JobRecorder,
    error: OffstageError,
) -> JobFailed:
    """Decide what follows an error, tell it to the job's log, and give the exception to raise."""
    decision = decide(error, delivery.errors)
    told = JobError.of(error)
    if decision.delay_s is None:
        recorder.record(RunFailed(**told.model_dump()))
        _log.warning("job failed", code=told.code, reason=told.message)
    else:
        due = _due(decision.delay_s)
        reason = f"{told.code}: {told.message}"
        recorder.record(RetryScheduled(attempt=delivery.attempt + 1, at=due, reason=reason))
        _log.warning("job will be tried again", code=told.code, at=due.isoformat())
    if delivery.by_stock_worker:
        await runtime.events.drain()
        await _tell_stock_worker(runtime, job, delivery, told, decision)
    return JobFailed(told, decision)


async def _tell_stock_worker(
    runtime: Runtime,
    job: JobPayload,
    delivery: Delivery,
    error: JobError,
    decision: RetryDecision,
) -> None:
    """A stock worker retries by what stands in its job object: let that say our decision."""
    rq_job = get_current_job()
    if rq_job is not None:
        delay_s = decision.delay_s
        rq_job.retries_left = 0 if delay_s is None else MAX_ATTEMPTS - 1 - delivery.errors
        rq_job.retry_intervals = None if delay_s is None else [math.ceil(delay_s)]
    key, told = keys.job_key(job.job_id), error.model_dump_json()
    with redis_errors():
        if decision.delay_s is None:
            await runtime.redis.hset(key, "agent_error", told)
        else:
            due = rq_time(_due(decision.delay_s))
            pipeline = runtime.redis.pipeline(transaction=True)
            pipeline.hset(key, mapping={"agent_retry_reason": told, "agent_retry_at": due})
            pipeline.hincrby(key, "agent_errors", 1)
            await pipeline.execute()
    if decision.is_final:
        await _close_under_stock_worker(runtime, job, delivery, "failed")


def _due(delay_s: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=delay_s)


async def _close_under_stock_worker(
    runtime: Runtime, job: JobPayload, delivery: Delivery, status: str
) -> None:
    """Count a job that ends, and let what RQ knows nothing of expire."""
    with redis_errors():
        await runtime.scripts.close_stock(
            [
                runtime.settings.agent_queue,
                job.job_id,
                runtime.settings.agent_result_ttl,
                status,
                delivery.duration_s,
                bucket_of(delivery.duration_s),
            ]
        )
