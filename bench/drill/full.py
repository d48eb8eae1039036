"""`redis-full`: Redis has no memory left for a while, with jobs queued and running."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path

from bench import side_log
from bench.drill import outcomes
from bench.drill.callers import add_refusals, call_while
from bench.drill.kill import add_steps
from bench.fleet import Inside
from bench.plug_in import side_log_of
from bench.report import Table
from bench.servers import Servers


@dataclass(frozen=True)
class Plan:
    """Half of the jobs run, half wait."""

    jobs: int = 40
    shortest_s: float = 1.0
    longest_s: float = 6.0
    full_s: float = 8.0
    within_s: float = 60.0


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    dice = random.Random(seed)
    with Servers(folder, concurrency=plan.jobs // 2) as servers:
        async with servers.enter() as inside:
            jobs = []
            for _ in range(plan.jobs):
                query = {"seconds": dice.uniform(plan.shortest_s, plan.longest_s), "steps": 4}
                jobs.append(await inside.submit(await inside.new_session(), query, "drill"))
            await asyncio.sleep(plan.shortest_s)
            refusals = await call_while(servers, _fill(inside, plan.full_s), None)
            emptied = time.monotonic()
            views = await outcomes.wait_until_ended(inside, jobs, plan.within_s)
            caught_up_s = time.monotonic() - emptied
            made = await outcomes.versions_by_job(inside)
            status, _ = servers.connect().post(
                "/jobs/agents/smoke/v1", {"session_id": "after", "query": {}}
            )
            stayed = all(worker.poll() is None for worker in servers.workers)
    used = sum(view.attempt - 1 for view in views.values() if view)
    table = Table(f"Redis full for {plan.full_s:g} s under {plan.jobs} jobs, seed {seed}")
    add_refusals(table, refusals)
    table.add("the API afterwards", str(status), goal="202", met=status == 202)
    table.add("the worker stayed", str(stayed), goal="True", met=stayed)
    outcomes.add_ends(table, views)
    table.add("all ended after it had room again", f"{caught_up_s:.0f} s")
    table.add("attempts used up", str(used), goal="0", met=used == 0)
    outcomes.add_artifacts(table, views, jobs, made)
    add_steps(table, side_log.read(side_log_of(folder)))
    return table


async def _fill(inside: Inside, seconds: float) -> None:
    """Allow Redis half of what it uses now: what jobs give back meanwhile must not make room."""
    used: int = (await inside.redis.info("memory"))["used_memory"]
    await inside.redis.config_set("maxmemory", used // 2)
    try:
        await asyncio.sleep(seconds)
    finally:
        await inside.redis.config_set("maxmemory", 0)
