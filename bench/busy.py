"""How long other routes take while 300 agents run and 64 connections submit, and while none do."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Mapping
from pathlib import Path

from bench.load import Connection, Load, request
from bench.report import Table, percentile
from bench.servers import Servers
from bench.throughput import submit_request
from bench.users import new_token

_RUNNING, _SUBMITTING = 300, 64
_ROUNDS, _CALLS = 4, 120
_MOST_RATIO = 3.0
_IDLE_WITHIN_S = 60.0
_VARIABLES = {
    "AUTH_MODE": "token",
    "AGENT_RATE_LIMITS": "10000/second",
    "AGENT_QUEUE_MAX": "0",
    "AGENT_USER_CONCURRENCY": str(_RUNNING + _SUBMITTING),
}


def run(folder: Path) -> Table:
    """Rounds of both, in turn."""
    with Servers(folder, concurrency=_RUNNING + _SUBMITTING, variables=_VARIABLES) as servers:
        token = asyncio.run(new_token(servers.settings))
        return asyncio.run(_measure(servers, {"Authorization": f"Bearer {token}"}))


async def _measure(servers: Servers, signed_in: Mapping[str, str]) -> Table:
    async with Load(servers.port, 1) as load:
        client = load.connections[0]
        body = b'{"title": "Lecture"}'
        _, made = await client.send(request("POST", "/sessions", body, signed_in))
        session = made.decode().partition('"id":"')[2][:32]
        routes = {
            path: request("GET", path, headers=signed_in)
            for path in (
                "/sessions",
                f"/sessions/{session}",
                f"/sessions/{session}/synopsis",
                f"/sessions/{session}/materials",
                "/jobs?limit=10",
                "/healthz",
            )
        }
        for _ in range(_RUNNING):
            await client.send(submit_request(signed_in, {"sleep_s": 600}))
        idle: dict[str, list[float]] = {path: [] for path in routes}
        busy: dict[str, list[float]] = {path: [] for path in routes}
        await _ask(load, routes, {path: [] for path in routes})
        for _ in range(_ROUNDS):
            await _wait_until_idle(client)
            await _ask(load, routes, idle)
            submitting = multiprocessing.get_context("spawn").Process(
                target=_submit, args=(servers.port, dict(signed_in))
            )
            submitting.start()
            await asyncio.sleep(1.5)  # until it submits
            await _ask(load, routes, busy)
            submitting.terminate()
            await asyncio.to_thread(submitting.join)
    return _table(session, idle, busy)


def _table(session: str, idle: Mapping[str, list[float]], busy: Mapping[str, list[float]]) -> Table:
    table = Table(f"other routes while {_RUNNING} agents run and {_SUBMITTING} connections submit")
    for path in idle:
        p50_ms = [percentile(took[path], 50) * 1e3 for took in (idle, busy)]
        p99_ms = [percentile(took[path], 99) * 1e3 for took in (idle, busy)]
        table.add(
            f"GET {path.replace(session, '{id}')}",
            f"p50 idle {p50_ms[0]:.1f} busy {p50_ms[1]:.1f} ms  "
            f"p99 idle {p99_ms[0]:.1f} busy {p99_ms[1]:.1f} ms  {p99_ms[1] / p99_ms[0]:.1f} x",
            goal=f"<= {_MOST_RATIO:g} x",
            met=p99_ms[1] <= p99_ms[0] * _MOST_RATIO,
        )
    return table


async def _wait_until_idle(client: Connection) -> None:
    """Until the workers have caught up with what was submitted."""
    told = (b"\njobs_queued 0.0\n", f"\njobs_running {_RUNNING:.1f}\n".encode())
    async with asyncio.timeout(_IDLE_WITHIN_S):
        while True:
            _, metrics = await client.send(request("GET", "/metrics"))
            if all(line in metrics for line in told):
                return
            await asyncio.sleep(0.1)


async def _ask(load: Load, routes: Mapping[str, bytes], took: dict[str, list[float]]) -> None:
    for _ in range(_CALLS):
        for path, asked in routes.items():
            began = time.perf_counter()
            await load.connections[0].send(asked)
            took[path].append(time.perf_counter() - began)


def _submit(port: int, signed_in: Mapping[str, str]) -> None:
    """In a process of its own, until it is ended."""

    async def submit() -> None:
        async with Load(port, _SUBMITTING) as load:
            await load.run(lambda: submit_request(signed_in, {}), 202, 600)

    asyncio.run(submit())
