"""How a job reached the task: by our worker, which settles it, or by a stock `rq worker`, which
knows nothing of claims, retries by kind of error, or counts, so that the task sees to those."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis
from rq import get_current_job

from backend.domain.events import RetryScheduled, RunFailed
from backend.domain.retry import MAX_ATTEMPTS, RetryDecision, decide
from backend.errors import OffstageError
from backend.telemetry.logging import get_logger
from backend.telemetry.metrics import bucket_of
from backend.worker import keys
from backend.worker.events import JobRecorder
from backend.worker.job import JobError, JobPayload
from backend.worker.redis_client import redis_errors
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
    """One hand-over of a job to the task. `errors` and `crashes` count what went wrong before."""

    errors: int
    crashes: int
    by_stock_worker: bool = False
    _began: float = field(default_factory=time.monotonic)

    @property
    def attempt(self) -> int:
        return self.errors + self.crashes + 1

    async def count_if_stock(self, runtime: Runtime, job: JobPayload, status: str) -> None:
        """Count an ended job that a stock worker runs, and let its claim expire."""
        if not self.by_stock_worker:
            return
        duration_s = time.monotonic() - self._began
        claim = keys.claim_key(job.user_id, job.agent_name, job.session_id)
        bucket = f"bucket|{job.agent_name}|{bucket_of(duration_s)}"
        with redis_errors():
            pipeline = runtime.redis.pipeline(transaction=True)
            pipeline.hincrby(keys.METRICS_KEY, f"jobs|{job.agent_name}|{status}", 1)
            pipeline.hincrby(keys.METRICS_KEY, bucket, 1)
            pipeline.hincrbyfloat(keys.METRICS_KEY, f"duration|{job.agent_name}", duration_s)
            pipeline.expire(claim, runtime.settings.agent_result_ttl)
            await pipeline.execute()


current_delivery: ContextVar[Delivery | None] = ContextVar("offstage_delivery", default=None)


async def under_stock_worker(redis: Redis, job_id: str) -> Delivery:
    """What the job's hash tells of earlier attempts, where no worker of ours handed it over."""
    with redis_errors():
        errors, crashes = await redis.hmget(keys.job_key(job_id), "agent_errors", "agent_crashes")
    return Delivery(int(errors or 0), int(crashes or 0), by_stock_worker=True)


async def settle_failure(
    runtime: Runtime,
    job: JobPayload,
    delivery: Delivery,
    recorder: JobRecorder,
    error: OffstageError,
) -> JobFailed:
    """Decide what follows an error, tell it to the job's log, and give the exception to raise."""
    decision = decide(error, delivery.errors)
    told = JobError(code=error.code, message=error.message, retryable=error.retryable)
    if decision.delay_s is None:
        recorder.record(RunFailed(**told.model_dump()))
        _log.warning("job failed", code=told.code, reason=told.message)
    else:
        due = datetime.now(UTC) + timedelta(seconds=decision.delay_s)
        reason = f"{told.code}: {told.message}"
        recorder.record(RetryScheduled(attempt=delivery.attempt + 1, at=due, reason=reason))
        _log.warning("job will be tried again", code=told.code, at=due.isoformat())
    await runtime.events.flush()
    if delivery.by_stock_worker:
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
        rq_job.retry_intervals = None if delay_s is None else [round(delay_s)]
    field_name = "agent_error" if decision.is_final else "agent_retry_reason"
    with redis_errors():
        await runtime.redis.hset(
            keys.job_key(job.job_id), mapping={field_name: error.model_dump_json()}
        )
        if not decision.is_final:
            await runtime.redis.hincrby(keys.job_key(job.job_id), "agent_errors", 1)
    if decision.is_final:
        await delivery.count_if_stock(runtime, job, "failed")
