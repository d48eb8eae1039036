"""How often a worker goes to Redis for a job, from dequeue to done."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from redis import Redis

from bench.contenders import Offstage
from bench.fleet import Fleet
from bench.peers.counting_worker import open_counter, read_sends
from bench.report import Table

_MOST = 4.0
_WITHIN_S = 60.0


def run(folder: Path) -> Table:
    table = Table("Redis round trips per job, beats and ticks included")
    for name, jobs, concurrency in (("under load", 2_000, 100), ("one at a time", 200, 1)):
        trips = _trips_per_job(folder / name.replace(" ", "-"), jobs, concurrency)
        goal = f"<= {_MOST:g}" if concurrency > 1 else ""
        table.add(
            f"{name} ({jobs} jobs)", f"{trips:.2f}", goal=goal, met=trips <= _MOST or not goal
        )
    return table


def _trips_per_job(folder: Path, jobs: int, concurrency: int) -> float:
    """Counted between two looks, so that what a start costs is left out."""
    contender = Offstage()
    with Fleet(folder, concurrency=concurrency) as fleet, Redis.from_url(fleet.redis.url) as redis:
        asyncio.run(contender.fill(fleet, jobs, 0))
        counter = open_counter(folder / "sends")
        worker = fleet.start_worker(["-m", "bench.peers.counting_worker", str(folder / "sends")])
        give_up = time.monotonic() + _WITHIN_S
        first_ended = first_sends = 0
        while (ended := contender.ended(redis, jobs)) < jobs:
            if ended and not first_ended:
                first_ended, first_sends = ended, read_sends(counter)
            if worker.poll() is not None or time.monotonic() > give_up:
                raise TimeoutError(f"{ended} of {jobs} in {_WITHIN_S} s")
            time.sleep(0.002)
        return (read_sends(counter) - first_sends) / (jobs - first_ended)
