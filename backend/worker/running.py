"""The jobs that run in this process: each a task of the event loop, from its lease to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from backend.agents.runner import CANCEL_GRACE_S
from backend.domain.retry import RetryDecision
from backend.errors import AgentFailed, OffstageError
from backend.telemetry.logging import bind_job, get_logger, where
from backend.worker.cancelling import cancel_and_wait
from backend.worker.delivery import Delivery, JobFailed, current_delivery
from backend.worker.job import JobError, payload_of
from backend.worker.settling import CANCEL, HAND_BACK, Ending, Lease, Settler, done, failed, retry
from backend.worker.tasks import run_job

_log = get_logger("offstage.worker")
# A cancelled agent has cleaned up by then, or is left behind.
_CLEANED_UP_S = CANCEL_GRACE_S + 1


@dataclass
class _Running:
    """`ending` overrides what the end of the task would mean."""

    lease: Lease
    task: asyncio.Task[Ending]
    ending: Ending | None = None
    lost: bool = False


class RunningJobs:
    """At most `most` jobs at a time, and as many again whose end isn't written yet."""

    def __init__(self, most: int, settler: Settler) -> None:
        self._most = most
        self._settler = settler
        self._running: dict[str, _Running] = {}
        self._executing = 0
        self._freed = asyncio.Event()

    @property
    def free(self) -> int:
        """How many more may start."""
        return min(self._most - self._executing, 2 * self._most - len(self._running))

    @property
    def leases(self) -> list[Lease]:
        """What has begun and isn't settled. May be asked from another thread."""
        return [running.lease for running in list(self._running.values())]

    async def wait_for_a_slot(self) -> None:
        while self.free <= 0:
            self._freed.clear()
            await self._freed.wait()

    def start(self, lease: Lease, fields: Mapping[str, bytes]) -> None:
        """Run the job whose hash has `fields`, and settle it whatever happens."""
        told = {name: fields.get(f"agent_{name}", b"").decode() for name in ("trace", "name")}
        with bind_job(job_id=lease.job_id, trace_id=told["trace"], agent=told["name"]):
            task = asyncio.create_task(_ending_of(lease, fields), name=f"job {lease.job_id}")
            self._running[lease.execution_id] = _Running(lease, task)
            self._executing += 1
            task.add_done_callback(partial(self._ended, self._running[lease.execution_id]))

    def cancel(self, job_id: str) -> None:
        """Stop a job and let it end as cancelled. Unknown ids are ignored; it may be said again."""
        for running in self._running.values():
            if running.lease.job_id == job_id:
                running.ending = CANCEL
                running.task.cancel()

    def cancel_execution(self, execution_id: str) -> None:
        """The same by execution."""
        running = self._running.get(execution_id)
        if running is not None:
            self.cancel(running.lease.job_id)

    def drop(self, execution_id: str) -> None:
        """Stop an execution whose job has been given to somebody else; it writes nothing more."""
        running = self._running.get(execution_id)
        if running is not None:
            running.lost = True
            running.task.cancel()

    async def finish(self, grace_s: float, hurry: asyncio.Event) -> None:
        """Let all end within the grace time, or until `hurry`; give the rest back to the queue."""
        tasks = [running.task for running in self._running.values()]
        if not tasks:
            return
        _log.info("worker stops", running=len(tasks))
        ended = asyncio.create_task(asyncio.wait(tasks, timeout=grace_s))
        hurried = asyncio.create_task(hurry.wait())
        await asyncio.wait({ended, hurried}, return_when=asyncio.FIRST_COMPLETED)
        await cancel_and_wait(ended, hurried, *tasks, again_after_s=_CLEANED_UP_S)

    def _ended(self, running: _Running, task: asyncio.Task[Ending]) -> None:
        self._executing -= 1
        self._freed.set()
        if task.cancelled():
            if running.lost:
                _log.warning("lease lost: another worker has the job now")
                self._forget(running)
                return
            ending = running.ending or HAND_BACK
            _log.info("job stopped", outcome=ending.outcome)
        else:
            ending = task.result()
        self._settler.settle(running.lease, ending, partial(self._settled, running, ending))

    def _settled(self, running: _Running, ending: Ending, written: bool) -> None:
        self._forget(running)
        if not written:
            job_id = running.lease.job_id
            _log.warning(
                "lease lost: the end was not written", job_id=job_id, outcome=ending.outcome
            )

    def _forget(self, running: _Running) -> None:
        del self._running[running.lease.execution_id]
        self._freed.set()


async def _ending_of(lease: Lease, fields: Mapping[str, bytes]) -> Ending:
    try:
        payload = payload_of(fields)
        current_delivery.set(Delivery.of(fields, lease.job_id, execution_id=lease.execution_id))
        return done(await run_job(payload))
    except JobFailed as failure:
        return _after(failure.error, failure.decision)
    except OffstageError as error:
        _log.error("job refused", code=error.code, reason=error.message)
        return failed(JobError.of(error))
    except Exception as error:
        _log.error("job failed outside its agent", **where(error))
        told = AgentFailed(f"Offstage failed while running it ({type(error).__name__}).")
        return failed(JobError.of(told))


def _after(error: JobError, decision: RetryDecision) -> Ending:
    return failed(error) if decision.delay_s is None else retry(error, decision.delay_s)
