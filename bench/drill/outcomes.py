"""What a drill counts when it is over: how jobs ended, and which artifacts stand."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import select

from backend.db.artifact_tables import tables_of
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS
from backend.domain.states import TERMINAL, JobState
from backend.errors import NotFound, Unavailable
from backend.worker.job_view import JobView
from bench.fleet import OWNER, Inside
from bench.report import Table

_LOOK_EVERY_S = 0.1
Views = dict[str, JobView | None]


async def look(inside: Inside, job_ids: Sequence[str]) -> Views:
    """Each job as its caller sees it; None for one that is gone. Raises Unavailable."""
    views: Views = {}
    for job_id in job_ids:
        try:
            views[job_id] = await inside.queue.get(job_id, OWNER)
        except NotFound:
            views[job_id] = None
    return views


async def wait_until_ended(inside: Inside, job_ids: Sequence[str], within_s: float) -> Views:
    """Look until every job has ended or the time is over; what was seen last. Sees past a Redis
    that is away."""
    give_up = time.monotonic() + within_s
    ended: Views = {}
    while True:
        with suppress(Unavailable):
            seen = await look(inside, [job_id for job_id in job_ids if job_id not in ended])
            ended |= {k: view for k, view in seen.items() if view and view.state in TERMINAL}
            if len(ended) == len(job_ids) or time.monotonic() > give_up:
                return {**seen, **ended}
        await asyncio.sleep(_LOOK_EVERY_S)


async def wait_until_running(inside: Inside, job_ids: Sequence[str], within_s: float = 30) -> None:
    async with asyncio.timeout(within_s):
        while True:
            views = (await look(inside, job_ids)).values()
            if all(view is not None and view.state is JobState.RUNNING for view in views):
                return
            await asyncio.sleep(_LOOK_EVERY_S)


async def versions_by_job(inside: Inside) -> Counter[str]:
    """How many versions of a synopsis each job has made."""
    async with UnitOfWork(inside.engine, read_only=True) as uow:
        rows = await uow.connection.execute(select(tables_of(SYNOPSIS).versions.c.job_id))
        return Counter(row.job_id for row in rows)


def add_ends(table: Table, views: Views, *, crashed_is_fine: bool = False) -> None:
    """Rows on how the jobs ended. A job that was killed three times may end as `crashed`."""
    states = Counter(view.state.value if view else "gone" for view in views.values())
    ended = states["done"] + states["failed"]
    errors = [view.error for view in views.values() if view and view.state is JobState.FAILED]
    codes = Counter(error.code for error in errors if error)
    table.add("ended", f"{ended} of {len(views)}", goal="all", met=ended == len(views))
    table.add("lost", str(len(views) - ended), goal="0", met=ended == len(views))
    told = ", ".join(f"{number} {code}" for code, number in codes.items()) or "0"
    wrong = sum(codes.values()) - (codes["crashed"] if crashed_is_fine else 0)
    goal = "none but crashed" if crashed_is_fine else "0"
    table.add("failed", told, goal=goal, met=wrong == 0)


def add_artifacts(table: Table, views: Views, saving: Sequence[str], made: Counter[str]) -> None:
    """Rows on the artifacts: each done job that saves has made one, and none has made two."""
    done = [job_id for job_id in saving if (v := views[job_id]) and v.state is JobState.DONE]
    missing = sum(1 for job_id in done if made[job_id] == 0)
    duplicates = sum(number - 1 for number in made.values() if number > 1)
    table.add(
        "artifacts",
        f"{made.total()} for {len(done)} done jobs",
        goal="none missing",
        met=not missing,
    )
    table.add("duplicate artifacts", str(duplicates), goal="0", met=duplicates == 0)
