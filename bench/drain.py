"""How many no-op jobs one worker process does in a second, side by side with RQ and SAQ."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from bench.contenders import RQ_FORK, RQ_SIMPLE, Contender, Offstage, Saq
from bench.fleet import Fleet
from bench.processes import cpu_s
from bench.report import Table

_ROUNDS = 3
_CONCURRENCY = 100
# RQ's own workers get fewer: their rate doesn't depend on how many there are.
_JOBS: dict[Contender, int] = {
    Offstage(): 5_000,
    Saq(_CONCURRENCY): 5_000,
    RQ_SIMPLE: 1_000,
    RQ_FORK: 150,
}
_GOALS = {RQ_FORK.name: 15.0, RQ_SIMPLE.name: 3.0, Saq.name: 1.0}
_LOOK_EVERY_S = 0.004
_WITHIN_S = 60.0


@dataclass(frozen=True)
class Drained:
    """`cpu_ms`: the worker's processor time for a job, which a busy machine blurs least."""

    jobs_per_s: float
    cpu_ms: float


def run(folder: Path) -> Table:
    drained: dict[str, list[Drained]] = {contender.name: [] for contender in _JOBS}
    with Fleet(folder, concurrency=_CONCURRENCY) as fleet:
        for _ in range(_ROUNDS):
            for contender, jobs in _JOBS.items():
                drained[contender.name].append(drain(fleet, contender, jobs))
    rates = {
        name: statistics.median(one.jobs_per_s for one in rounds)
        for name, rounds in drained.items()
    }
    table = Table(f"no-op jobs, one worker process (median of {_ROUNDS} interleaved rounds)")
    for contender, jobs in _JOBS.items():
        cpu_ms = statistics.median(one.cpu_ms for one in drained[contender.name])
        told = f"{rates[contender.name]:.0f} jobs/s, {cpu_ms:.2f} ms of CPU each"
        table.add(f"{contender.name} ({jobs} jobs)", told)
    for name, least in _GOALS.items():
        ratio = rates[Offstage.name] / rates[name]
        goal, met = f">= {least:g} x", ratio >= least
        table.add(f"{Offstage.name} against {name}", f"{ratio:.2f} x", goal=goal, met=met)
    return table


def drain(fleet: Fleet, contender: Contender, jobs: int) -> Drained:
    """Fill the queue, start a worker, and time it from the first ended job to the last."""
    with Redis.from_url(fleet.redis.url) as redis:
        redis.flushall()
        asyncio.run(contender.fill(fleet, jobs, 0))
        worker = fleet.start_worker(contender.command(fleet))
        give_up = time.monotonic() + _WITHIN_S
        first_seen, first_at, first_cpu_s = 0, 0.0, 0.0
        while (ended := contender.ended(redis, jobs)) < jobs:
            if ended and not first_seen:
                first_seen, first_at, first_cpu_s = ended, time.perf_counter(), cpu_s(worker.pid)
            if worker.poll() is not None or time.monotonic() > give_up:
                raise TimeoutError(f"{contender.name}: {ended} of {jobs} in {_WITHIN_S} s")
            time.sleep(_LOOK_EVERY_S)
        took_s = time.perf_counter() - first_at
        used_s = cpu_s(worker.pid) - first_cpu_s
        fleet.kill_worker(worker)
    measured = jobs - first_seen
    return Drained(measured / took_s, used_s / measured * 1e3)
