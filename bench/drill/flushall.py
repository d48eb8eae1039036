"""`flushall`: Redis forgets everything while some jobs are done and others run."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.worker.recovery import BEAT_S
from bench.drill import outcomes
from bench.fleet import Inside
from bench.report import Table
from bench.servers import Client, Servers


@dataclass(frozen=True)
class Plan:
    """The running jobs last `long_s`."""

    done: int = 10
    running: int = 10
    long_s: float = 6.0
    within_s: float = 60.0


def run(folder: Path, seed: int, plan: Plan | None = None) -> Table:
    return asyncio.run(drill(folder, seed, plan or Plan()))


async def drill(folder: Path, seed: int, plan: Plan) -> Table:
    dice = random.Random(seed)
    with Servers(folder) as servers:
        client = servers.connect()
        async with servers.enter() as inside:
            done_sessions, done = await _start(inside, plan.done, 0.1)
            await outcomes.wait_until_ended(inside, done, plan.within_s)
            open_sessions, running = await _start(inside, plan.running, plan.long_s)
            await outcomes.wait_until_running(inside, running)
            await asyncio.sleep(dice.uniform(0, plan.long_s / 3))
            before = await outcomes.versions_by_job(inside)
            await inside.redis.flushall()
            gone = await _statuses(client, [f"/jobs/{job_id}" for job_id in [*done, *running]])
            stand = await _statuses(client, [_synopsis(s) for s in done_sessions])
            query = {"seconds": 0.5, "steps": 2}
            new = [
                await inside.submit(session, query, "drill")
                for session in [*done_sessions, *open_sessions]
            ]
            views = await outcomes.wait_until_ended(inside, new, plan.within_s)
            # Whoever ran a forgotten job finds out with the next beat; nothing comes after that.
            await asyncio.sleep(max(plan.long_s, BEAT_S))
            made = await outcomes.versions_by_job(inside)
            forgotten = sum(made[job_id] for job_id in running)
            stayed = all(worker.poll() is None for worker in servers.workers)
    table = Table(f"FLUSHALL with {plan.done} done and {plan.running} running jobs, seed {seed}")
    _add_statuses(table, "forgotten jobs read", gone, 404)
    _add_statuses(table, "artifacts read", stand, 200)
    kept = all(made[job_id] == number for job_id, number in before.items())
    table.add("artifacts in SQL stand", str(kept), goal="True", met=kept)
    table.add(
        "versions that forgotten runs still made", str(forgotten), goal="0", met=not forgotten
    )
    table.add("the worker stayed", str(stayed), goal="True", met=stayed)
    table.add("new runs in the same sessions", str(len(new)))
    outcomes.add_ends(table, views)
    outcomes.add_artifacts(table, views, new, Counter({job: made[job] for job in new}))
    return table


async def _start(inside: Inside, number: int, seconds: float) -> tuple[list[str], list[str]]:
    """Sessions, and a job in each."""
    sessions = [await inside.new_session() for _ in range(number)]
    query = {"seconds": seconds, "steps": 3}
    return sessions, [await inside.submit(session, query, "drill") for session in sessions]


async def _statuses(client: Client, paths: list[str]) -> Counter[int]:
    answers: list[tuple[int, Any]] = [await asyncio.to_thread(client.get, path) for path in paths]
    return Counter(status for status, _ in answers)


def _synopsis(session_id: str) -> str:
    return f"/sessions/{session_id}/synopsis"


def _add_statuses(table: Table, what: str, statuses: Counter[int], wanted: int) -> None:
    told = ", ".join(f"{number} x {status}" for status, number in statuses.items())
    table.add(what, told, goal=str(wanted), met=set(statuses) == {wanted})
