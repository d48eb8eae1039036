"""An idle worker: from the call that enqueues a job to the first line of the agent's function."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from saq.queue.redis import RedisQueue

from bench.contenders import Offstage, Saq
from bench.fleet import Fleet, Inside
from bench.peers.saq_worker import open_queue
from bench.report import Table, percentile

_JOBS = 200
_WARM_UP = 20
# Long enough for a worker to be idle again.
_PAUSE_S = 0.04
_MOST_RATIO, _MOST_P99_MS = 2.0, 12.0


def run(folder: Path) -> Table:
    return asyncio.run(_measure(folder))


async def _measure(folder: Path) -> Table:
    with Fleet(folder) as fleet:
        async with fleet.enter() as inside:
            saq = open_queue(fleet.redis.url)
            fleet.start_worker(Offstage().command(fleet))
            fleet.start_worker(Saq(10).command(fleet))
            await inside.wait_for_workers(1)
            ours: list[tuple[str, float]] = []
            theirs: list[tuple[str, float]] = []
            for number in range(_WARM_UP + _JOBS):
                enqueued_at = time.time()
                ours.append((await inside.submit(f"probe-{number}", {}, "probe"), enqueued_at))
                await asyncio.sleep(_PAUSE_S)
                enqueued_at = time.time()
                job = await saq.enqueue("probe")
                assert job is not None
                theirs.append((job.key, enqueued_at))
                await asyncio.sleep(_PAUSE_S)
            waits = {
                Offstage.name: await _our_waits_ms(inside, ours[_WARM_UP:]),
                Saq.name: await _saq_waits_ms(saq, theirs[_WARM_UP:]),
            }
            await saq.disconnect()
    table = Table(f"idle worker, enqueue to the function's start ({_JOBS} jobs each, interleaved)")
    p50 = {name: statistics.median(found) for name, found in waits.items()}
    p99 = {name: percentile(found, 99) for name, found in waits.items()}
    for name in waits:
        table.add(name, f"p50 {p50[name]:.2f} ms  p99 {p99[name]:.2f} ms")
    ratio, slowest = p50[Offstage.name] / p50[Saq.name], p99[Offstage.name]
    goal = f"<= {_MOST_RATIO:g} x"
    table.add("ratio of the p50", f"{ratio:.2f} x", goal=goal, met=ratio <= _MOST_RATIO)
    goal = f"<= {_MOST_P99_MS:g} ms"
    table.add("our p99", f"{slowest:.1f} ms", goal=goal, met=slowest <= _MOST_P99_MS)
    return table


async def _our_waits_ms(inside: Inside, jobs: list[tuple[str, float]]) -> list[float]:
    waits = []
    for job_id, enqueued_at in jobs:
        result = await inside.queue.result(job_id)
        waits.append((result["output"]["started_at"] - enqueued_at) * 1e3)
    return waits


async def _saq_waits_ms(queue: RedisQueue, jobs: list[tuple[str, float]]) -> list[float]:
    waits = []
    for key, enqueued_at in jobs:
        job = await queue.job(key)
        assert job is not None
        waits.append((job.result - enqueued_at) * 1e3)
    return waits
