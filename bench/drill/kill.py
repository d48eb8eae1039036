"""`kill`: workers and once Redis die by `kill -9` while jobs run."""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench import side_log
from bench.drill import outcomes
from bench.fleet import Fleet, Inside
from bench.plug_in import side_log_of
from bench.report import Table
from bench.side_log import Fact

_P50_S, _MOST_S = 8.0, 20.0


@dataclass(frozen=True)
class Plan:
    """The drill's size. Half of the jobs save an artifact; the rest don't, or are smoke jobs.

    `kills` is how many workers are killed; None: as many as there is time for.
    """

    jobs: int = 200
    shortest_s: float = 1.0
    longest_s: float = 3.0
    workers: int = 4
    concurrency: int = 5
    kill_every_s: float = 1.5
    kills: int | None = None
    kill_redis: bool = True
    redis_down_s: float = 3.0
    within_s: float = 100.0


@dataclass(frozen=True)
class Kill:
    pid: int
    at: float


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    dice = random.Random(seed)
    with Fleet(folder, concurrency=plan.concurrency) as fleet:
        async with fleet.enter() as inside:
            for _ in range(plan.workers):
                fleet.start_worker()
            await inside.wait_for_workers(plan.workers)
            jobs, saving = await _submit(inside, dice, plan)
            began = time.monotonic()
            kills: list[Kill] = []
            killer = asyncio.create_task(_kill_workers(fleet, dice, plan, kills))
            redis_killer = asyncio.create_task(_kill_redis(fleet, dice, plan))
            views = await outcomes.wait_until_ended(inside, jobs, plan.within_s)
            took_s = time.monotonic() - began
            killer.cancel()
            await asyncio.gather(killer, return_exceptions=True)
            redis_kills = await redis_killer
            made = await outcomes.versions_by_job(inside)
        facts = side_log.read(side_log_of(folder))
    table = Table(f"kill -9, seed {seed}: {len(jobs)} jobs in {took_s:.0f} s")
    table.add("killed", f"{len(kills)} workers, Redis {redis_kills} times")
    outcomes.add_ends(table, views, crashed_is_fine=True)
    outcomes.add_artifacts(table, views, saving, made)
    add_steps(table, facts)
    _add_restarts(table, facts, kills)
    return table


async def _submit(inside: Inside, dice: random.Random, plan: Plan) -> tuple[list[str], list[str]]:
    """All jobs, and those of them that save an artifact."""
    jobs, saving = [], []
    for number in range(plan.jobs):
        seconds = dice.uniform(plan.shortest_s, plan.longest_s)
        steps = dice.randint(2, 6)
        if number % 4 == 3:
            query = {"sleep_s": seconds, "steps": steps}
            jobs.append(await inside.submit(f"smoke-{number}", query))
            continue
        save = number % 2 == 0
        session = await inside.new_session() if save else f"plain-{number}"
        query = {"seconds": seconds, "steps": steps}
        jobs.append(await inside.submit(session, query, "drill", save=save))
        if save:
            saving.append(jobs[-1])
    return jobs, saving


async def _kill_workers(fleet: Fleet, dice: random.Random, plan: Plan, kills: list[Kill]) -> None:
    while plan.kills is None or len(kills) < plan.kills:
        await asyncio.sleep(plan.kill_every_s)
        victim: subprocess.Popen[bytes] = dice.choice(fleet.workers)
        kills.append(Kill(victim.pid, time.time()))
        fleet.kill_worker(victim)
        fleet.start_worker()


async def _kill_redis(fleet: Fleet, dice: random.Random, plan: Plan) -> int:
    if not plan.kill_redis:
        return 0
    await asyncio.sleep(dice.uniform(3, 8))
    fleet.kill_redis()
    await asyncio.sleep(plan.redis_down_s)
    await asyncio.to_thread(fleet.redis.start)
    return 1


def add_steps(table: Table, facts: list[Fact]) -> None:
    """A row on the steps whose work ran again although their result was kept."""
    kept: set[tuple[str, int]] = set()
    ran = repeated = 0
    for fact in facts:
        if fact.what == "kept":
            kept.add((fact.job_id, fact.step))
        elif fact.what == "step":
            ran += 1
            repeated += (fact.job_id, fact.step) in kept
    table.add("finished steps repeated", f"{repeated} of {ran}", goal="0", met=repeated == 0)


def _add_restarts(table: Table, facts: list[Fact], kills: list[Kill]) -> None:
    waits, hit_again = _restart_waits(facts, kills)
    if not waits:
        table.add("restart after a kill", "no job was hit")
        return
    median, longest = statistics.median(waits), max(waits)
    table.add("jobs hit by a kill", str(len(waits) + len(hit_again)))
    table.add("restart p50", f"{median:.1f} s", goal=f"<= {_P50_S:g} s", met=median <= _P50_S)
    table.add("restart max", f"{longest:.1f} s", goal=f"<= {_MOST_S:g} s", met=longest <= _MOST_S)
    if hit_again:
        told = f"{len(hit_again)} jobs, the longest {max(hit_again):.1f} s"
        table.add("hit again before they started", told)


def _restart_waits(facts: list[Fact], kills: list[Kill]) -> tuple[list[float], list[float]]:
    """Seconds from a kill to the next start of each job that it hit.

    Apart from them those of jobs whose next worker was killed as well, between taking the job and
    starting its agent: the attempt in between is missing from the side log.
    """
    killed_at = {kill.pid: kill.at for kill in kills}
    starts: dict[str, list[Fact]] = {}
    ended: set[tuple[str, int]] = set()
    for fact in facts:
        if fact.what == "started":
            starts.setdefault(fact.job_id, []).append(fact)
        elif fact.what == "ended":
            ended.add((fact.job_id, fact.pid))
    waits: list[float] = []
    hit_again: list[float] = []
    for runs in starts.values():
        for run, following in pairwise(runs):
            if run.pid in killed_at and (run.job_id, run.pid) not in ended:
                wait_s = following.at - killed_at[run.pid]
                (waits if following.attempt == run.attempt + 1 else hit_again).append(wait_s)
    return waits, hit_again
