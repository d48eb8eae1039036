"""A fleet of its own for a benchmark or a drill: a Redis, a database, workers, an API process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import sessions
from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import upgrade
from backend.settings import Settings
from backend.supervisor.embedded_redis import EmbeddedRedis
from backend.supervisor.spawn import end, spawn
from backend.worker.queue import JobQueue
from backend.worker.redis_client import connect_for_work
from backend.worker.submission import Submission
from bench.plug_in import with_plug_in

OWNER = "local"
_READY_WITHIN_S = 30.0
WORKER = ("-m", "backend.worker.run")


@dataclass(frozen=True)
class Inside:
    """The fleet as seen from within the benchmark: its queue, its Redis, its database."""

    queue: JobQueue
    redis: Redis
    engine: AsyncEngine

    async def submit(
        self,
        session_id: str,
        query: dict[str, Any],
        agent: str = "smoke",
        *,
        save: bool = True,
    ) -> str:
        """Enqueue a job of `agent`@v1, the way the API does, and return its id."""
        wanted = Submission(agent, "v1", session_id, OWNER, query, apply_side_effects=save)
        accepted = await self.queue.submit(wanted)
        assert not accepted.deduplicated, "each job of a benchmark has a session of its own"
        return accepted.job_id

    async def new_session(self) -> str:
        """A session that stands in the database, for jobs that save an artifact."""
        async with UnitOfWork(self.engine) as uow:
            session = await sessions.create(uow, OWNER, {"title": "drill"})
            await uow.commit()
        return session.id

    async def wait_for_workers(self, number: int) -> None:
        async with asyncio.timeout(_READY_WITHIN_S):
            while True:
                if await self.queue.workers_seen() >= number:
                    return
                await asyncio.sleep(0.02)


class Fleet:
    """Up while it is entered; every process in it ends with it, however it ends."""

    def __init__(
        self, folder: Path, *, concurrency: int = 32, variables: Mapping[str, str] | None = None
    ) -> None:
        self.redis = EmbeddedRedis(folder)
        self.folder = folder
        self.database = folder / "bench.db"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._log = folder / "processes.log"
        ours = {
            "REDIS_URL": self.redis.url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "OFFSTAGE_DATA_DIR": str(folder),
            "AGENT_WORKER_CONCURRENCY": str(concurrency),
            "LOG_LEVEL": "warning",
            **(variables or {}),
        }
        self.environment = with_plug_in(folder, {**os.environ, **ours})
        fields: dict[str, Any] = {name.lower(): value for name, value in ours.items()}
        self.settings = Settings(_env_file=None, **fields)

    def __enter__(self) -> Self:
        self.redis.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            print(f"the fleet's last words:\n{self.last_words()}", file=sys.stderr)
        for process in self.workers:
            process.kill()
            process.wait()
        self.redis.stop()

    def start_worker(self, command: Sequence[str | Path] = WORKER) -> subprocess.Popen[bytes]:
        """Start a worker process: ours, or another Python command."""
        process = self.spawn(command)
        self.workers.append(process)
        return process

    def spawn(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        """Run Python with `command`; what it says goes to `processes.log` of the folder."""
        with self._log.open("ab") as log:
            words = [sys.executable, *command]
            return spawn(words, env=self.environment, stdout=log, stderr=subprocess.STDOUT)

    def kill_worker(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        self.workers.remove(process)

    def stop_worker(self, process: subprocess.Popen[bytes], timeout_s: float = 60) -> bool:
        """SIGTERM and wait; False if it had to be killed."""
        self.workers.remove(process)
        return end(process, timeout_s)

    def kill_redis(self) -> None:
        """`kill -9`; `redis.start()` brings it back with what it has on disk."""
        assert self.redis.process is not None
        self.redis.kill()
        self.redis.process.wait()

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[Inside]:
        """Connections of this event loop to the fleet's queue, Redis and database."""
        async with AsyncExitStack() as stack:
            await upgrade(self.settings)
            engine = create_engine(self.settings)
            stack.push_async_callback(engine.dispose)
            redis = connect_for_work(self.settings.redis_dsn())
            stack.push_async_callback(redis.aclose)
            yield Inside(JobQueue(redis, self.settings), redis, engine)

    def last_words(self, lines: int = 15) -> str:
        """The end of what the fleet's processes said."""
        try:
            return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""
