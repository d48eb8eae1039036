"""`freeze`: a worker is stopped past its lease, its jobs run elsewhere, then it wakes up."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from backend.worker.recovery import LEASE_S
from bench import side_log
from bench.drill import outcomes
from bench.fleet import Fleet
from bench.plug_in import side_log_of
from bench.report import Table


@dataclass(frozen=True)
class Plan:
    """`past_lease_s`: how much longer than its lease the worker is frozen."""

    jobs: int = 20
    shortest_s: float = 1.5
    longest_s: float = 3.0
    past_lease_s: float = 5.0
    within_s: float = 60.0


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    dice = random.Random(seed)
    with Fleet(folder, concurrency=plan.jobs) as fleet:
        async with fleet.enter() as inside:
            frozen = fleet.start_worker()
            await inside.wait_for_workers(1)
            jobs = []
            for _ in range(plan.jobs):
                query = {"seconds": dice.uniform(plan.shortest_s, plan.longest_s), "steps": 3}
                jobs.append(await inside.submit(await inside.new_session(), query, "drill"))
            await outcomes.wait_until_running(inside, jobs)
            await asyncio.sleep(dice.uniform(0.2, plan.shortest_s))
            frozen.send_signal(signal.SIGSTOP)
            began = time.monotonic()
            fleet.start_worker()
            await asyncio.sleep(LEASE_S + plan.past_lease_s - (time.monotonic() - began))
            frozen.send_signal(signal.SIGCONT)
            views = await outcomes.wait_until_ended(inside, jobs, plan.within_s)
            # What the frozen one still meant to write would come now.
            await asyncio.sleep(1)
            made = await outcomes.versions_by_job(inside)
            still_there = frozen.poll() is None
    facts = side_log.read(side_log_of(folder))
    runs: dict[str, set[int]] = {}
    for fact in facts:
        runs.setdefault(fact.job_id, set()).add(fact.pid)
    moved = sum(1 for pids in runs.values() if len(pids) > 1)
    table = Table(f"worker frozen for {LEASE_S + plan.past_lease_s:g} s, seed {seed}")
    table.add("jobs that ran elsewhere meanwhile", str(moved), goal="> 0", met=moved > 0)
    outcomes.add_ends(table, views)
    outcomes.add_artifacts(table, views, jobs, made)
    equal = made.total() == len(jobs)
    table.add("artifacts = jobs", f"{made.total()} = {len(jobs)}", goal="equal", met=equal)
    table.add("the frozen worker works on", str(still_there), goal="True", met=still_there)
    return table
