"""`rolling`: every worker is replaced by SIGTERM while jobs run, none of which ends in time."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

from bench.drill import outcomes
from bench.fleet import Fleet
from bench.report import Table


@dataclass(frozen=True)
class Plan:
    """Jobs outlast the grace time, so that most of them have to be handed back."""

    jobs: int = 100
    shortest_s: float = 6.0
    longest_s: float = 12.0
    workers: int = 4
    grace_s: float = 2.0
    within_s: float = 80.0


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    dice = random.Random(seed)
    concurrency = -(-plan.jobs // plan.workers)
    variables = {"AGENT_SHUTDOWN_GRACE": str(plan.grace_s)}
    with Fleet(folder, concurrency=concurrency, variables=variables) as fleet:
        async with fleet.enter() as inside:
            for _ in range(plan.workers):
                fleet.start_worker()
            await inside.wait_for_workers(plan.workers)
            jobs = []
            for _ in range(plan.jobs):
                query = {"seconds": dice.uniform(plan.shortest_s, plan.longest_s), "steps": 6}
                jobs.append(await inside.submit(await inside.new_session(), query, "drill"))
            await outcomes.wait_until_running(inside, jobs)
            obeyed = 0
            for worker in list(fleet.workers):
                fleet.start_worker()
                obeyed += await asyncio.to_thread(
                    fleet.stop_worker, worker, timeout_s=plan.grace_s + 10
                )
            views = await outcomes.wait_until_ended(inside, jobs, plan.within_s)
            made = await outcomes.versions_by_job(inside)
    used = sum(view.attempt - 1 for view in views.values() if view)
    table = Table(f"rolling restart under {plan.jobs} running jobs, seed {seed}")
    all_left = obeyed == plan.workers
    table.add(
        "workers that left by themselves", f"{obeyed} of {plan.workers}", goal="all", met=all_left
    )
    outcomes.add_ends(table, views)
    table.add("attempts used up", str(used), goal="0", met=used == 0)
    outcomes.add_artifacts(table, views, jobs, made)
    return table
