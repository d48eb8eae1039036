"""`AgentsWorker`: many agents at once in one process, on one event loop.

It is an rq `BaseWorker` and speaks RQ's formats, so `rq info`, `Job.fetch` and
`send_stop_job_command` see the truth. What it does differently from RQ's own workers: it takes
jobs in one atomic step (`scripts/take.lua`), holds them by a short lease, and settles them in
batches. The shape follows RQ's own asyncio worker in the making (rq/rq#2445), to give way to it.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

from redis import Redis as SyncRedis
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker, WorkerStatus
from rq.worker_registration import clean_worker_registry

from backend.telemetry.logging import get_logger, where
from backend.worker import keys
from backend.worker.job import TAKEN_FIELDS, AgentJob, rq_now
from backend.worker.memory_watch import Ways
from backend.worker.recovery import LEASE_S
from backend.worker.redis_client import REDIS_AWAY, require_noeviction
from backend.worker.running import RunningJobs
from backend.worker.runtime import Runtime
from backend.worker.scripts import Scripts
from backend.worker.settling import Lease, Settler
from backend.worker.upkeep import WORKER_TTL_S, Upkeep, UpkeepHooks

_log = get_logger("offstage.worker")
# A blocked wait for jobs is renewed this often; it bounds nothing but idle traffic.
_WAIT_S = 5
_REST_S = 0.5
_TAKEN_AT_ONCE = 64
_GATHER_S = 0.002
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_ROUNDS_TO_HEAR = 3


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
            worker_ttl=WORKER_TTL_S,
            default_result_ttl=settings.agent_result_ttl,
            log_job_description=False,
        )
        self._settings = settings
        self._redis = runtime.redis
        self._keys = keys.QueueKeys(settings.agent_queue)
        self._scripts = Scripts(runtime.redis)
        self._settler = Settler(runtime.redis, settings, self.name, runtime.events)
        self._jobs = RunningJobs(settings.agent_worker_concurrency, self._settler)
        self._stopping = asyncio.Event()
        self._stop_now = asyncio.Event()
        self._told_to_stop = False

    @classmethod
    async def made(cls, runtime: Runtime, connection: SyncRedis) -> AgentsWorker:
        """A worker, as soon as Redis answers: RQ's part of it dials while it is made."""
        told = False
        while True:
            try:
                return await asyncio.to_thread(cls, runtime, connection)
            except REDIS_AWAY:
                if not told:
                    _log.warning("the worker waits: Redis is away")
                told = True
                await asyncio.sleep(_REST_S)

    async def serve(self) -> None:
        """Work until `stop()`: take jobs, run them, keep their leases, put lost ones right.

        Raises Misconfigured for a Redis that may evict jobs.
        """
        await self._begin()
        ways = Ways(self.retire, self.retire_at_once)
        hooks = UpkeepHooks(announce=self._announce, stop=self.stop, ways=ways)
        try:
            async with Upkeep(self._settings, self.name, self._jobs, hooks), self._settler:
                await self._take_until_stopped()
                await self._jobs.finish(self._settings.agent_shutdown_grace, self._stop_now)
        finally:
            with suppress(*REDIS_AWAY):
                await asyncio.to_thread(self.register_death)
            _log.info("worker gone", worker=self.name)

    def stop(self) -> None:
        """Take nothing new and finish; called again: hand everything back at once."""
        if self._told_to_stop:
            self._stop_now.set()
        self._told_to_stop = True
        self._stopping.set()

    def retire(self) -> None:
        """Take nothing new and finish, for a fresh process to go on."""
        self._stopping.set()

    def retire_at_once(self) -> None:
        """The same, but hand everything back now."""
        self._stopping.set()
        self._stop_now.set()

    @property
    def wants_a_successor(self) -> bool:
        """Whether it has ended, or is about to, without being told to."""
        return self._stopping.is_set() and not self._told_to_stop

    async def _begin(self) -> None:
        """Wait for Redis, check it, and announce this worker there."""
        while not self._stopping.is_set():
            try:
                await require_noeviction(self._redis)
                await asyncio.to_thread(self._announce)
            except REDIS_AWAY:
                _log.warning("the worker waits: Redis is away")
                await self._unless_stopped(asyncio.sleep(_REST_S))
            else:
                _log.info(
                    "worker ready",
                    worker=self.name,
                    queue=self._keys.name,
                    concurrency=self._settings.agent_worker_concurrency,
                )
                return

    def _announce(self) -> None:
        for queue in self.queues:
            clean_worker_registry(queue)
        register: Callable[[], None] = self.register_birth
        register()
        self.connection.hset(self.key, "agent_slots", str(self._settings.agent_worker_concurrency))
        self.set_state(WorkerStatus.STARTED)

    async def _take_until_stopped(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._take_some()
            except REDIS_AWAY:
                _log.warning("no jobs are taken: Redis is away")
                await self._unless_stopped(asyncio.sleep(_REST_S))
            except Exception as error:
                _log.error("jobs can't be taken", **where(error))
                await self._unless_stopped(asyncio.sleep(_REST_S))

    async def _take_some(self) -> None:
        """Take as many jobs as there are free slots; wait while there is neither.

        The step that takes is never cancelled: its answer would be lost, and the jobs with it
        until their leases end.
        """
        if self._jobs.free <= 0:
            await self._unless_stopped(self._jobs.wait_for_a_slot())
            return
        ids = [uuid4().hex for _ in range(min(self._jobs.free, _TAKEN_AT_ONCE))]
        taken = await self._scripts.take([self._keys.name, self.name, LEASE_S, rq_now(), *ids])
        if taken is None:
            await self._unless_stopped(asyncio.sleep(_REST_S))
            return
        for job_id, execution_id, values in taken:
            lease = Lease(job_id.decode(), execution_id.decode(), time.monotonic())
            fields = dict(zip(TAKEN_FIELDS, values, strict=True))
            self._jobs.start(lease, {name: value for name, value in fields.items() if value})
        if len(taken) == len(ids) and self._jobs.free < _TAKEN_AT_ONCE:
            # There is more than room for it: what ends within a moment makes room for one take.
            await asyncio.sleep(_GATHER_S)
        elif not taken:
            # Moves the first job to where it stands already: waits for one and takes none, so
            # that neither a cancelled wait nor a killed worker can strand it.
            queue = self._keys.queue
            await self._unless_stopped(self._redis.blmove(queue, queue, _WAIT_S, "LEFT", "LEFT"))

    async def _unless_stopped(self, wait: Awaitable[object]) -> None:
        """Wait, until it is over or `stop()` is called. Raises what the wait raises."""
        waiting = asyncio.ensure_future(wait)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            waiting.cancel()
            # Redis' client swallows a cancellation now and then, and ends when Redis answers.
            waiting.add_done_callback(lambda task: task.cancelled() or task.exception())
        if waiting.done():
            await waiting


def stop_on_signals(worker: AgentsWorker) -> None:
    """SIGTERM and SIGINT: finish and leave; a second one: hand back at once and leave."""
    loop = asyncio.get_running_loop()
    for signum in _STOP_SIGNALS:
        loop.add_signal_handler(signum, worker.stop)


async def end_on_signals() -> None:
    """Once nothing is left to finish: what came before this has been heard, what comes after ends
    the process at once."""
    for signum in _STOP_SIGNALS:
        signal.signal(signum, signal.SIG_DFL)
    # The loop reads what came from a pipe, in one round, and handles it in the next.
    for _ in range(_ROUNDS_TO_HEAR):
        await asyncio.sleep(0)
