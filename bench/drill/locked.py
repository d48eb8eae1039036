"""`sql-locked`: another writer holds the database while jobs end and want to save."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from bench.drill import outcomes
from bench.fleet import Fleet
from bench.report import Table


@dataclass(frozen=True)
class Plan:
    """Most jobs are done while the database is locked."""

    jobs: int = 30
    shortest_s: float = 0.5
    longest_s: float = 10.0
    locked_s: float = 20.0
    within_s: float = 60.0


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    dice = random.Random(seed)
    with Fleet(folder, concurrency=plan.jobs) as fleet:
        async with fleet.enter() as inside:
            worker = fleet.start_worker()
            await inside.wait_for_workers(1)
            jobs = []
            for _ in range(plan.jobs):
                query = {"seconds": dice.uniform(plan.shortest_s, plan.longest_s), "steps": 2}
                jobs.append(await inside.submit(await inside.new_session(), query, "drill"))
            await outcomes.wait_until_running(inside, jobs[:1])
            lock = sqlite3.connect(fleet.database, isolation_level=None)
            lock.execute("BEGIN IMMEDIATE")
            before = (await outcomes.versions_by_job(inside)).total()
            await asyncio.sleep(plan.locked_s)
            during = (await outcomes.versions_by_job(inside)).total()
            lock.execute("ROLLBACK")
            lock.close()
            freed = time.monotonic()
            views = await outcomes.wait_until_ended(inside, jobs, plan.within_s)
            caught_up_s = time.monotonic() - freed
            made = await outcomes.versions_by_job(inside)
            stayed = worker.poll() is None
    used = sum(view.attempt - 1 for view in views.values() if view)
    table = Table(f"database locked for {plan.locked_s:g} s under {plan.jobs} jobs, seed {seed}")
    table.add("saved meanwhile", str(during - before), goal="0", met=during == before)
    table.add("the worker stayed", str(stayed), goal="True", met=stayed)
    outcomes.add_ends(table, views)
    table.add("all ended after its release", f"{caught_up_s:.0f} s")
    table.add("attempts used up", str(used), goal="0", met=used == 0)
    outcomes.add_artifacts(table, views, jobs, made)
    return table
