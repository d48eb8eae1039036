"""What callers get while Redis can't serve them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass

from bench.report import Table
from bench.servers import Client, Servers

_WITHIN_S = 1.0
_PAUSE_S = 0.2


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    took_s: float


async def call_while(
    servers: Servers, trouble: Awaitable[None], job_id: str | None
) -> list[Answer]:
    """Submit (and, given a job, look at it) again and again until `trouble` is over."""
    over = asyncio.Event()
    calls = asyncio.create_task(_call_until(over, servers.connect(timeout_s=10), job_id))
    try:
        await trouble
    finally:
        over.set()
    return await calls


def add_refusals(table: Table, answers: list[Answer]) -> None:
    """Rows: each was a 503 problem, and each came within a second."""
    statuses = Counter(f"{answer.status} {answer.kind}" for answer in answers)
    right = set(statuses) == {"503 application/problem+json"}
    told = ", ".join(f"{number} x {status}" for status, number in statuses.items())
    table.add("callers meanwhile", told or "none", goal="503 problem+json", met=right)
    slowest = max((answer.took_s for answer in answers), default=0.0)
    goal = f"<= {_WITHIN_S:g} s"
    table.add("slowest answer", f"{slowest:.2f} s", goal=goal, met=slowest <= _WITHIN_S)


async def _call_until(over: asyncio.Event, client: Client, job_id: str | None) -> list[Answer]:
    answers = []
    number = 0
    while not over.is_set():
        body = {"session_id": f"caller-{number}", "query": {}}
        answers.append(await asyncio.to_thread(_timed, client, body, None))
        if job_id is not None:
            answers.append(await asyncio.to_thread(_timed, client, None, job_id))
        number += 1
        await asyncio.sleep(_PAUSE_S)
    return answers


def _timed(client: Client, body: object, job_id: str | None) -> Answer:
    began = time.perf_counter()
    if job_id is None:
        status, _ = client.post("/jobs/agents/smoke/v1", body)
    else:
        status, _ = client.get(f"/jobs/{job_id}")
    return Answer(status, client.kind, time.perf_counter() - began)
