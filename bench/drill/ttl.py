"""`ttl`: when jobs have ended, whatever way, nothing of theirs stays in Redis for ever."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.drill import outcomes
from bench.fleet import OWNER, Fleet, Inside
from bench.report import Table

# Of the fleet, not of a job: a queue's registries (their members go with their jobs), RQ's lists
# of queues and workers, the counters, the tick's clock.
ALLOWED = re.compile(
    r"rq:(queues|workers|workers:\w+|clean_registries:\w+"
    r"|(queue|wip|finished|failed|canceled|scheduled|deferred):\w+)"
    r"|offstage:(metrics|(open|ticked|grace|intermediate):\w+)"
)


@dataclass(frozen=True)
class Plan:
    """Of the jobs one in twenty fails, one is cancelled while it waits, one while it runs."""

    jobs: int = 1_000
    within_s: float = 60.0


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    with Fleet(folder, concurrency=100) as fleet:
        async with fleet.enter() as inside:
            jobs = await _submit(inside, plan)
            fleet.start_worker()
            sleepers = [job for number, job in enumerate(jobs) if number % 20 == 3]
            await outcomes.wait_until_running(inside, sleepers)
            for job_id in sleepers:
                await inside.queue.cancel(job_id, OWNER)
            views = await outcomes.wait_until_ended(inside, jobs, plan.within_s)
            # Events of the last jobs are on their way for a moment.
            await asyncio.sleep(0.5)
            lasting, total = await _lasting_keys(inside)
    table = Table(f"{plan.jobs} ended jobs, seed {seed}: what lasts in Redis")
    states = Counter(
        (view.error.code if view.error else view.state.value) for view in views.values() if view
    )
    table.add("ended", ", ".join(f"{number} {state}" for state, number in states.items()))
    ended = sum(states.values()) == len(jobs) and not states["queued"] + states["running"]
    table.add("all ended", str(ended), goal="True", met=ended)
    table.add("keys", str(total))
    for key in sorted(key for key in lasting if ALLOWED.fullmatch(key)):
        table.add("lasts, and may", key)
    wrong = sorted(key for key in lasting if not ALLOWED.fullmatch(key))
    shown = ", ".join(wrong[:5]) or "0"
    table.add("keys of jobs without a TTL", shown, goal="0", met=not wrong)
    return table


async def _submit(inside: Inside, plan: Plan) -> list[str]:
    jobs = []
    for number in range(plan.jobs):
        query: dict[str, object] = {"steps": number % 3, "progress": number % 2}
        if number % 20 == 1:
            query["fail"] = "error"
        elif number % 20 == 3:
            query["sleep_s"] = 600
        jobs.append(await inside.submit(f"s{number}", query))
        if number % 20 == 2:
            await inside.queue.cancel(jobs[-1], OWNER)
    return jobs


async def _lasting_keys(inside: Inside) -> tuple[list[str], int]:
    """The keys without a TTL, and how many keys there are."""
    keys = [key async for key in inside.redis.scan_iter(count=1000)]
    pipeline = inside.redis.pipeline(transaction=False)
    for key in keys:
        pipeline.ttl(key)
    lifetimes = await pipeline.execute()
    return [k.decode() for k, ttl in zip(keys, lifetimes, strict=True) if ttl == -1], len(keys)
