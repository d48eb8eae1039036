"""`AgentsWorker`: many agents at once in one process, on one event loop.

It is an rq `BaseWorker` and speaks RQ's formats, so `rq info`, `Job.fetch` and
`send_stop_job_command` see the truth. What it does differently from RQ's own workers: it takes
jobs in one atomic step (`scripts/take.lua`), holds them by a short lease, and settles them in
batches. The shape follows RQ's own asyncio worker in the making (rq/rq#2445), to give way to it.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from redis import Redis as SyncRedis
from redis.exceptions import ResponseError
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker, WorkerStatus

from backend.domain.retry import RetryDecision
from backend.errors import AgentFailed
from backend.telemetry.logging import get_logger, where
from backend.worker import keys
from backend.worker.delivery import Delivery, JobFailed, current_delivery
from backend.worker.job import AgentJob, JobError, payload_of, rq_now
from backend.worker.recovery import BEAT_S, CANCELLED, LEASE_S, TICK_S, Recovery
from backend.worker.redis_client import REDIS_AWAY, require_noeviction
from backend.worker.runtime import Runtime
from backend.worker.scripts import Scripts
from backend.worker.settling import HAND_BACK, Ending, Lease, Settler, done, failed, retry
from backend.worker.tasks import run_agent_job

_log = get_logger("offstage.worker")
_WORKER_TTL_S = 60
# A blocked wait for jobs is renewed this often; it bounds nothing but idle traffic.
_WAIT_S = 5
_REST_S = 0.5


@dataclass
class _Running:
    """A job in this process. `ending` overrides what the task's own end would mean."""

    lease: Lease
    task: asyncio.Task[None]
    ending: Ending | None = None
    lost: bool = False


class AgentsWorker(BaseWorker):
    """Runs up to `AGENT_WORKER_CONCURRENCY` jobs of one queue. See `run.py` for how it starts."""

    def __init__(self, runtime: Runtime, connection: SyncRedis, name: str | None = None) -> None:
        settings = runtime.settings
        super().__init__(
            [settings.agent_queue],
            name=name,
            connection=connection,
            job_class=AgentJob,
            serializer=JSONSerializer,
            worker_ttl=_WORKER_TTL_S,
            default_result_ttl=settings.agent_result_ttl,
            log_job_description=False,
        )
        self._runtime = runtime
        self._settings = settings
        self._redis = runtime.redis
        self._keys = keys.QueueKeys(settings.agent_queue)
        self._scripts = Scripts(runtime.redis)
        self._recovery = Recovery(runtime.redis, settings)
        self._settler = Settler(runtime.redis, settings, self.name)
        self._running: dict[str, _Running] = {}
        self._slots = asyncio.Semaphore(settings.agent_worker_concurrency)
        self._stopping = asyncio.Event()
        self._stop_now = asyncio.Event()

    async def serve(self) -> None:
        """Work until `stop()`: take jobs, run them, keep their leases, put lost ones right.

        Raises Misconfigured for a Redis that may evict jobs.
        """
        await require_noeviction(self._redis)
        await asyncio.to_thread(self._announce)
        _log.info(
            "worker ready",
            worker=self.name,
            queue=self._keys.name,
            concurrency=self._settings.agent_worker_concurrency,
        )
        upkeep = [
            asyncio.create_task(self._forever(self._beat, BEAT_S)),
            asyncio.create_task(self._forever(self._recovery_tick, TICK_S)),
            asyncio.create_task(self._listen()),
        ]
        try:
            async with self._settler:
                taking = asyncio.create_task(self._take_forever())
                await self._stopping.wait()
                taking.cancel()
                await asyncio.gather(taking, return_exceptions=True)
                await self._finish_or_hand_back()
        finally:
            for task in upkeep:
                task.cancel()
            await asyncio.gather(*upkeep, return_exceptions=True)
            with suppress(*REDIS_AWAY):
                await asyncio.to_thread(self.register_death)
            _log.info("worker gone", worker=self.name)

    def stop(self) -> None:
        """Take nothing new and finish; called again: hand everything back at once."""
        if self._stopping.is_set():
            self._stop_now.set()
        self._stopping.set()

    def cancel_job(self, job_id: str) -> None:
        """Stop a job that runs here and let it end as cancelled. Unknown ids are ignored."""
        for running in self._running.values():
            if running.lease.job_id == job_id and running.ending is None:
                running.ending = failed(CANCELLED)
                running.task.cancel()

    def _announce(self) -> None:
        register: Callable[[], None] = self.register_birth
        register()
        self.connection.hset(self.key, "agent_slots", str(self._settings.agent_worker_concurrency))
        self.set_state(WorkerStatus.STARTED)

    async def _take_forever(self) -> None:
        while True:
            try:
                await self._take_some()
            except REDIS_AWAY:
                _log.warning("no jobs are taken: Redis is away")
                await asyncio.sleep(_REST_S)
            except ResponseError as error:
                _log.error("Redis refused to hand out jobs", reason=str(error)[:200])
                await asyncio.sleep(_REST_S)

    async def _take_some(self) -> None:
        """Take as many jobs as there are free slots; wait while there is neither."""
        await self._slots.acquire()
        self._slots.release()
        free = self._settings.agent_worker_concurrency - len(self._running)
        ids = [uuid4().hex for _ in range(min(free, 64))]
        taken = await self._scripts.take([self._keys.name, self.name, LEASE_S, rq_now(), *ids])
        for job_id, execution_id, flat in taken:
            fields = dict(zip(map(bytes.decode, flat[::2]), flat[1::2], strict=True))
            await self._slots.acquire()
            self._start(Lease(job_id.decode(), execution_id.decode(), time.monotonic()), fields)
        if not taken:
            # Moves the first job to where it stands already: waits for one and takes none, so
            # that neither a cancelled wait nor a killed worker can strand it.
            await self._redis.blmove(self._keys.queue, self._keys.queue, _WAIT_S, "LEFT", "LEFT")

    def _start(self, lease: Lease, fields: Mapping[str, bytes]) -> None:
        task = asyncio.create_task(self._run(lease, fields), name=f"job {lease.job_id}")
        self._running[lease.execution_id] = _Running(lease, task)
        task.add_done_callback(lambda _: self._forget(lease))

    def _forget(self, lease: Lease) -> None:
        del self._running[lease.execution_id]
        self._slots.release()

    async def _run(self, lease: Lease, fields: Mapping[str, bytes]) -> None:
        """Run one job and settle it, whatever happens."""
        try:
            ending = await self._ending_of(fields)
        except asyncio.CancelledError:
            running = self._running[lease.execution_id]
            if running.lost:
                return
            ending = running.ending or HAND_BACK
        if not await self._settler.settle(lease, ending):
            _log.warning("lease was lost; the end was not written", job_id=lease.job_id)

    async def _ending_of(self, fields: Mapping[str, bytes]) -> Ending:
        current_delivery.set(
            Delivery(int(fields.get("agent_errors", 0)), int(fields.get("agent_crashes", 0)))
        )
        try:
            payload = payload_of(fields)
            return done(await run_agent_job(payload.model_dump(mode="json")))
        except JobFailed as failure:
            return _after(failure.error, failure.decision)
        except Exception as error:
            _log.error("job failed outside its agent", **where(error))
            told = AgentFailed(f"Offstage failed while running it ({type(error).__name__}).")
            return failed(JobError(code=told.code, message=told.message, retryable=False))

    async def _finish_or_hand_back(self) -> None:
        """Let running jobs end within the grace time, then give the rest back to the queue."""
        if not self._running:
            return
        _log.info("worker stops", running=len(self._running))
        tasks = [running.task for running in self._running.values()]
        ended = asyncio.gather(*tasks, return_exceptions=True)
        hurry = asyncio.create_task(self._stop_now.wait())
        hurry.add_done_callback(lambda _: ended.cancel())
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(ended, self._settings.agent_shutdown_grace)
        hurry.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _beat(self) -> None:
        leases = [running.lease for running in self._running.values()]
        pairs = [part for lease in leases for part in (lease.job_id, lease.execution_id)]
        lost, cancelled, known = await self._scripts.beat(
            [self._keys.name, self.name, LEASE_S, _WORKER_TTL_S, rq_now(), *pairs]
        )
        if not known:
            _log.warning("Redis has lost its memory of this worker; announcing it again")
            await asyncio.to_thread(self._announce)
        for execution_id in lost:
            running = self._running.get(execution_id.decode())
            if running is not None and not running.task.done():
                _log.warning("lease lost", job_id=running.lease.job_id)
                running.lost = True
                running.task.cancel()
        for execution_id in cancelled:
            running = self._running.get(execution_id.decode())
            if running is not None:
                self.cancel_job(running.lease.job_id)

    async def _recovery_tick(self) -> None:
        report = await self._recovery.tick()
        if report:
            _log.warning("jobs put right", **vars(report))

    async def _forever(self, work: Callable[[], Awaitable[None]], every_s: float) -> None:
        while True:
            try:
                await work()
            except (*REDIS_AWAY, ResponseError) as error:
                _log.warning("upkeep failed, goes on", kind=type(error).__name__)
            await asyncio.sleep(every_s)

    async def _listen(self) -> None:
        """RQ's commands: `stop-job`, `stop-execution` and `shutdown`."""
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(keys.worker_channel(self.name))
                    async for message in pubsub.listen():
                        if message["type"] == "message":
                            self._obey(message["data"])
            except REDIS_AWAY:
                await asyncio.sleep(_REST_S)

    def _obey(self, data: bytes) -> None:
        try:
            command: dict[str, Any] = json.loads(data)
        except ValueError:
            return
        if command.get("command") in ("stop-job", "stop-execution"):
            self.cancel_job(str(command.get("job_id")))
        elif command.get("command") == "shutdown":
            self.stop()


def stop_on_signals(worker: AgentsWorker) -> None:
    """SIGTERM and SIGINT: finish and leave; a second one: hand back at once and leave."""
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, worker.stop)


def _after(error: JobError, decision: RetryDecision) -> Ending:
    return failed(error) if decision.delay_s is None else retry(error, decision.delay_s)
