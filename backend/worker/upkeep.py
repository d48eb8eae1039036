"""What keeps a worker's jobs its own: beats, ticks and commands, in a thread of their own.

The thread has an event loop and a Redis connection to itself, so that an agent that blocks the
worker's loop costs nobody a lease. It also watches for such agents and says where they block.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from backend.settings import Settings
from backend.telemetry.logging import get_logger, where
from backend.worker import memory_watch
from backend.worker.cancelling import cancel_and_wait
from backend.worker.commands import Commands
from backend.worker.interrupting import BLOCKED_TOO_LONG_S, interrupt, interruptible
from backend.worker.job import rq_now
from backend.worker.memory_watch import MemoryWatch, Ways
from backend.worker.recovery import BEAT_S, LEASE_S, TICK_S, Recovery
from backend.worker.redis_client import REDIS_AWAY, connect_for_work
from backend.worker.running import RunningJobs
from backend.worker.scripts import Scripts

_log = get_logger("offstage.worker")
WORKER_TTL_S = 20
_REST_S = 0.5
_WATCH_EVERY_S = 1.0
# Half a lease. Shorter blocks, such as first imports, harm nobody much.
_BLOCKED_AFTER_S = 3.0
_FRAMES_SHOWN = 4


@dataclass(frozen=True)
class UpkeepHooks:
    """What upkeep asks of its worker. `announce` is called in a thread, `stop` on the worker's
    loop."""

    announce: Callable[[], None]
    stop: Callable[[], None]
    ways: Ways


class Upkeep:
    """Runs while it is entered; enter it on the worker's loop."""

    def __init__(
        self, settings: Settings, worker_name: str, jobs: RunningJobs, hooks: UpkeepHooks
    ) -> None:
        self._settings = settings
        self._worker_name = worker_name
        self._jobs = jobs
        self._hooks = hooks
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._worker_loop: asyncio.AbstractEventLoop
        self._worker_thread_id = 0
        self._memory: MemoryWatch
        self._open = ExitStack()

    async def __aenter__(self) -> Upkeep:
        self._worker_loop = asyncio.get_running_loop()
        self._worker_thread_id = threading.get_ident()
        self._open.enter_context(interruptible())
        self._memory = self._open.enter_context(
            MemoryWatch(self._settings.agent_memory_bytes, self._worker_loop, self._hooks.ways)
        )
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        await asyncio.to_thread(self._thread.join)
        self._open.close()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._keep_up())
        finally:
            self._loop.close()

    async def _keep_up(self) -> None:
        redis = connect_for_work(self._settings.redis_dsn())
        scripts, recovery = Scripts(redis), Recovery(redis, self._settings)
        tasks = [
            asyncio.create_task(_forever(lambda: self._beat(scripts), BEAT_S)),
            asyncio.create_task(_forever(lambda: _tick(recovery), TICK_S)),
            asyncio.create_task(_forever(lambda: self._obey(redis), _REST_S)),
            asyncio.create_task(_forever(self._watch, _WATCH_EVERY_S)),
            asyncio.create_task(_forever(self._memory.look, memory_watch.LOOK_EVERY_S)),
        ]
        await self._over.wait()
        await cancel_and_wait(*tasks)
        await redis.aclose()

    async def _beat(self, scripts: Scripts) -> None:
        pairs = [part for lease in self._jobs.leases for part in (lease.job_id, lease.execution_id)]
        lost, cancelled, known = await scripts.beat(
            [self._settings.agent_queue, self._worker_name, LEASE_S, WORKER_TTL_S, rq_now(), *pairs]
        )
        if not known:
            _log.warning("Redis has lost its memory of this worker; announcing it again")
            await asyncio.to_thread(self._hooks.announce)
        for execution_id in lost:
            self._worker_loop.call_soon_threadsafe(self._jobs.drop, execution_id.decode())
        for execution_id in cancelled:
            self._worker_loop.call_soon_threadsafe(
                self._jobs.cancel_execution, execution_id.decode()
            )

    async def _obey(self, redis: Redis) -> None:
        def stop_job(job_id: str) -> None:
            self._worker_loop.call_soon_threadsafe(self._jobs.cancel, job_id)

        def shutdown() -> None:
            self._worker_loop.call_soon_threadsafe(self._hooks.stop)

        await Commands(stop_job, shutdown).follow(redis, self._worker_name)

    async def _watch(self) -> None:
        """Wait for a sign of life from the worker's loop; say where it hangs if none comes."""
        alive = asyncio.Event()
        self._worker_loop.call_soon_threadsafe(self._loop.call_soon_threadsafe, alive.set)
        try:
            await asyncio.wait_for(alive.wait(), _BLOCKED_AFTER_S)
        except TimeoutError:
            _log.error(
                "an agent blocks its worker: every other one waits. Give the work to "
                "backend.agents.blocking.run_blocking, or make `run` a plain function",
                at=self._place(),
            )
            await self._break_off_until(alive)

    async def _break_off_until(self, alive: asyncio.Event) -> None:
        """Interrupt what blocks, again and again: an agent may catch what is raised in it."""
        rest_s = BLOCKED_TOO_LONG_S - _BLOCKED_AFTER_S
        while True:
            try:
                await asyncio.wait_for(alive.wait(), rest_s)
            except TimeoutError:
                interrupt(self._worker_thread_id)
                rest_s = _BLOCKED_AFTER_S
            else:
                return

    def _place(self) -> str:
        """Where the worker's thread is now."""
        frame = sys._current_frames().get(self._worker_thread_id)
        frames = traceback.extract_stack(frame)[-_FRAMES_SHOWN:]
        return " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)


async def _tick(recovery: Recovery) -> None:
    report = await recovery.tick()
    if report:
        _log.warning("jobs put right", **vars(report))


async def _forever(work: Callable[[], Awaitable[None]], every_s: float) -> None:
    while True:
        rest_s = every_s
        try:
            await work()
        except (*REDIS_AWAY, ResponseError) as error:
            _log.warning("upkeep failed, goes on", kind=type(error).__name__)
            # Leases have to be prolonged as soon as Redis is back.
            rest_s = min(every_s, _REST_S)
        except Exception as error:
            _log.error("upkeep failed, goes on", **where(error))
        await asyncio.sleep(rest_s)
