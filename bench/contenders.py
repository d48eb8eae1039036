"""The queues that are compared: how each is filled, which worker drains it, how one sees how far
it is. All on the same Redis, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from redis import Redis
from rq import Queue as RqQueue

from bench.fleet import WORKER, Fleet
from bench.peers import rq_jobs
from bench.peers.saq_worker import QUEUE as SAQ_QUEUE
from bench.peers.saq_worker import open_queue

_AT_ONCE = 50


class Contender(Protocol):
    """`fill` enqueues jobs that sleep `seconds` (0: no-ops), `command` starts the worker, `ended`
    and `waiting` count the jobs that are over and that no worker has taken yet."""

    @property
    def name(self) -> str: ...

    async def fill(self, fleet: Fleet, jobs: int, seconds: float) -> None: ...

    def command(self, fleet: Fleet) -> Sequence[str | Path]: ...

    def ended(self, redis: Redis, jobs: int) -> int: ...

    def waiting(self, redis: Redis) -> int: ...


class Offstage:
    """Ours: `smoke@v1` by the whole way of an agent, with events, result, counters and TTLs. Its
    concurrency is the fleet's."""

    name = "agents-worker"

    async def fill(self, fleet: Fleet, jobs: int, seconds: float) -> None:
        async with fleet.enter() as inside:
            query = {"sleep_s": seconds} if seconds else {}
            for first in range(0, jobs, _AT_ONCE):
                numbers = range(first, min(jobs, first + _AT_ONCE))
                await asyncio.gather(*(inside.submit(f"s{n}", query) for n in numbers))

    def command(self, _fleet: Fleet) -> Sequence[str | Path]:
        return WORKER

    def ended(self, redis: Redis, _jobs: int) -> int:
        return int(redis.zcard("rq:finished:agents"))

    def waiting(self, redis: Redis) -> int:
        return int(redis.llen("rq:queue:agents"))


@dataclass(frozen=True)
class Rq:
    """RQ's own workers, as their command line starts them."""

    name: str
    worker_class: str

    async def fill(self, fleet: Fleet, jobs: int, seconds: float) -> None:
        with Redis.from_url(fleet.redis.url) as redis:
            queue = RqQueue("bench", connection=redis)
            data = [
                RqQueue.prepare_data(rq_jobs.sleep, args=(seconds,))
                if seconds
                else RqQueue.prepare_data(rq_jobs.nothing)
                for _ in range(jobs)
            ]
            queue.enqueue_many(data)

    def command(self, fleet: Fleet) -> Sequence[str | Path]:
        options = ["--url", fleet.redis.url, "--worker-class", self.worker_class, "--quiet"]
        return ["-m", "rq.cli", "worker", *options, "bench"]

    def ended(self, redis: Redis, _jobs: int) -> int:
        return int(redis.zcard("rq:finished:bench"))

    def waiting(self, redis: Redis) -> int:
        return int(redis.llen("rq:queue:bench"))


@dataclass(frozen=True)
class Saq:
    """SAQ, with as many slots as it does best with."""

    concurrency: int
    name: str = "SAQ"

    async def fill(self, fleet: Fleet, jobs: int, seconds: float) -> None:
        queue = open_queue(fleet.redis.url)
        # Its timeout is 10 s by default.
        for first in range(0, jobs, _AT_ONCE):
            await asyncio.gather(
                *(
                    queue.enqueue("sleep", seconds=seconds) if seconds else queue.enqueue("nothing")
                    for _ in range(first, min(jobs, first + _AT_ONCE))
                )
            )
        await queue.disconnect()

    def command(self, fleet: Fleet) -> Sequence[str | Path]:
        return ["-m", "bench.peers.saq_worker", fleet.redis.url, str(self.concurrency)]

    def ended(self, redis: Redis, jobs: int) -> int:
        return jobs - int(redis.zcard(f"saq:{SAQ_QUEUE}:incomplete"))

    def waiting(self, redis: Redis) -> int:
        return int(redis.llen(f"saq:{SAQ_QUEUE}:queued"))


RQ_FORK = Rq("rq worker", "rq.Worker")
RQ_SIMPLE = Rq("rq SimpleWorker", "rq.SimpleWorker")
