"""Jobs of one second: how close one process comes to the ideal when they mostly wait."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from bench.contenders import Contender, Offstage, Saq
from bench.fleet import Fleet
from bench.report import Table

_SECONDS = 1.0
_LOOK_EVERY_S = 0.002
_WITHIN_S = 60.0


@dataclass(frozen=True)
class Case:
    jobs: int
    concurrency: int
    most_s: float


_CASES = (Case(200, 100, 1.1 * 2.0), Case(1_000, 1_000, 1.35 * 1.0))


def run(folder: Path) -> Table:
    table = Table("jobs of 1 s, one worker process, best of 2 interleaved rounds")
    for case in _CASES:
        contenders: list[Contender] = [Offstage(), Saq(case.concurrency)]
        took: dict[str, list[float]] = {contender.name: [] for contender in contenders}
        with Fleet(folder / str(case.jobs), concurrency=case.concurrency) as fleet:
            for _ in range(2):
                for contender in contenders:
                    took[contender.name].append(_time(fleet, contender, case.jobs))
        for name, times in took.items():
            what = f"{case.jobs} at concurrency {case.concurrency}, {name}"
            goal = f"<= {case.most_s:.2f} s" if name == Offstage.name else ""
            best = min(times)
            table.add(what, f"{best:.2f} s", goal=goal, met=not goal or best <= case.most_s)
    return table


def _time(fleet: Fleet, contender: Contender, jobs: int) -> float:
    """From the moment the first job is taken to the moment the last has ended."""
    with Redis.from_url(fleet.redis.url) as redis:
        redis.flushall()
        asyncio.run(contender.fill(fleet, jobs, _SECONDS))
        worker = fleet.start_worker(contender.command(fleet))
        give_up = time.monotonic() + _WITHIN_S
        began = 0.0
        while (ended := contender.ended(redis, jobs)) < jobs:
            if not began and contender.waiting(redis) < jobs:
                began = time.perf_counter()
            if worker.poll() is not None or time.monotonic() > give_up:
                raise TimeoutError(f"{contender.name}: {ended} of {jobs} in {_WITHIN_S} s")
            time.sleep(_LOOK_EVERY_S)
        took_s = time.perf_counter() - began
        fleet.kill_worker(worker)
    return took_s
