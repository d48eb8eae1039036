"""One user's thousands of jobs, and how soon another user's starts beside them."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any

from backend.limits import LimitTexts, UserLimits
from backend.worker.submission import Submission
from bench.contenders import Offstage
from bench.fleet import Fleet, Inside
from bench.report import Table

_PROBES = 20
_LIMITS = UserLimits.parse(LimitTexts(concurrency="8"))
_MOST_MS = 2_000.0
_WITHIN_S = 30.0


def run(folder: Path) -> Table:
    table = Table(f"one user's queue (8 at once): enqueue to start of {_PROBES} jobs of another")
    for jobs in (1_000, 9_000):
        each = folder / str(jobs)
        each.mkdir()
        starts_ms, longest_ms = asyncio.run(_measure(each, jobs))
        table.add(
            f"{jobs:,} jobs queued",
            f"first {starts_ms[0]:.0f} ms  p50 {statistics.median(starts_ms):.1f} ms  "
            f"worst {max(starts_ms):.0f} ms",
            goal=f"<= {_MOST_MS:g} ms",
            met=max(starts_ms) <= _MOST_MS,
        )
        table.add(f"{jobs:,}: longest script", f"{longest_ms:.1f} ms")
    return table


async def _measure(folder: Path, jobs: int) -> tuple[list[float], float]:
    """From enqueue to start, of each probe; and the longest that Redis was busy with one call."""
    with Fleet(folder) as fleet:
        async with fleet.enter() as inside:
            for first in range(0, jobs, 100):
                await asyncio.gather(
                    *(
                        _submit(inside, "one", number, "smoke", {"sleep_s": 0.5})
                        for number in range(first, first + 100)
                    )
                )
            await inside.redis.config_set("slowlog-log-slower-than", 100)
            # The first probe comes when all those before it have yet to be held back.
            starts_ms = []
            for number in range(_PROBES):
                enqueued_at = time.time()
                job_id = await _submit(inside, "other", number, "probe", {})
                if number == 0:
                    fleet.start_worker(Offstage().command(fleet))
                    await inside.wait_for_workers(1)
                    enqueued_at = time.time()
                result = await _result(inside, job_id)
                starts_ms.append((result["output"]["started_at"] - enqueued_at) * 1e3)
            slowest = max(entry["duration"] for entry in await inside.redis.slowlog_get(128))
            return starts_ms, slowest / 1e3


async def _submit(inside: Inside, user: str, number: int, agent: str, query: dict[str, Any]) -> str:
    wanted = Submission(agent, "v1", f"{user}-{number}", user, query)
    return (await inside.queue.submit(wanted, limits=_LIMITS)).job_id


async def _result(inside: Inside, job_id: str) -> Any:
    async with asyncio.timeout(_WITHIN_S):
        while True:
            result = await inside.queue.result(job_id)
            if result is not None:
                return result
            await asyncio.sleep(0.01)
