"""How long a caller waits for its 202 while jobs run, against an empty route of the same app."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench.report import Table, percentile
from bench.servers import Client, Servers

_ROUNDS = 20
_CALLS = 50
_RUNNING = 50
_MOST_RATIO = 4.0


def run(folder: Path) -> Table:
    """Interleaved rounds on one connection, while 50 jobs run."""
    with Servers(folder, concurrency=_RUNNING) as servers:
        client = servers.connect()
        _keep_running(client)
        empty, submit = _measure(client)
    ratio = statistics.median(submit) / statistics.median(empty)
    table = Table(f"POST /jobs/agents/smoke/v1, one connection, {_RUNNING} jobs running")
    for name, times in (("empty 202 route", empty), ("submit", submit)):
        table.add(
            name,
            f"p50 {statistics.median(times) * 1e3:.2f} ms  "
            f"p99 {percentile(times, 99) * 1e3:.2f} ms",
        )
    table.add(
        "ratio of the p50",
        f"{ratio:.2f}",
        goal=f"<= {_MOST_RATIO:g}",
        met=ratio <= _MOST_RATIO,
    )
    return table


def _measure(client: Client) -> tuple[list[float], list[float]]:
    empty: list[float] = []
    submit: list[float] = []
    for round_number in range(_ROUNDS + 1):
        rounds = (
            _time(_CALLS, lambda _: client.post("/bench/empty", {})),
            _time(_CALLS, lambda i, n=round_number: _submit(client, f"bench-{n}-{i}", {})),
        )
        if round_number > 0:  # The first warms both up.
            empty += rounds[0]
            submit += rounds[1]
    return empty, submit


def _keep_running(client: Client) -> None:
    ids = [_submit(client, f"sleeper-{i}", {"sleep_s": 600}) for i in range(_RUNNING)]
    while any(client.get(f"/jobs/{job_id}")[1]["status"] != "running" for job_id in ids):
        time.sleep(0.1)


def _submit(client: Client, session_id: str, query: dict[str, object]) -> str:
    status, body = client.post("/jobs/agents/smoke/v1", {"session_id": session_id, "query": query})
    assert status == 202, body
    job_id: str = body["jobId"]
    return job_id


def _time(calls: int, call: Callable[[int], object]) -> list[float]:
    times = []
    for number in range(calls):
        began = time.perf_counter()
        call(number)
        times.append(time.perf_counter() - began)
    return times
