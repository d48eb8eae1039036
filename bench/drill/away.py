"""`redis-away`: Redis is killed, stays away, and comes back, while jobs run and callers call."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path

from bench.drill import outcomes
from bench.drill.callers import add_refusals, call_while
from bench.report import Table
from bench.servers import Servers


@dataclass(frozen=True)
class Plan:
    """Jobs end before, while and after Redis is away."""

    jobs: int = 40
    shortest_s: float = 1.0
    longest_s: float = 18.0
    away_s: float = 10.0
    within_s: float = 60.0


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    dice = random.Random(seed)
    with Servers(folder, concurrency=plan.jobs) as servers:
        servers.start_worker()
        async with servers.enter() as inside:
            await inside.wait_for_workers(2)
            jobs = []
            for _ in range(plan.jobs):
                query = {"seconds": dice.uniform(plan.shortest_s, plan.longest_s), "steps": 5}
                jobs.append(await inside.submit(await inside.new_session(), query, "drill"))
            await asyncio.sleep(plan.shortest_s)
            servers.kill_redis()
            refusals = await call_while(servers, asyncio.sleep(plan.away_s), jobs[0])
            await asyncio.to_thread(servers.redis.start)
            back = time.monotonic()
            views = await outcomes.wait_until_ended(inside, jobs, plan.within_s)
            caught_up_s = time.monotonic() - back
            made = await outcomes.versions_by_job(inside)
            again = await asyncio.to_thread(servers.connect().get, f"/jobs/{jobs[0]}")
            stayed = sum(worker.poll() is None for worker in servers.workers)
    used = sum(view.attempt - 1 for view in views.values() if view)
    table = Table(f"Redis away for {plan.away_s:g} s under {plan.jobs} jobs, seed {seed}")
    table.add("workers that stayed", f"{stayed} of 2", goal="all", met=stayed == 2)
    add_refusals(table, refusals)
    table.add("the API afterwards", str(again[0]), goal="200", met=again[0] == 200)
    outcomes.add_ends(table, views)
    table.add("all ended after its return", f"{caught_up_s:.0f} s")
    table.add("attempts used up", str(used), goal="0", met=used == 0)
    outcomes.add_artifacts(table, views, jobs, made)
    return table
