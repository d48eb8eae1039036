"""What one API process can take: submits and unchanged looks, against the least a route can do.

The client is a process of its own; no worker takes part.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from backend.supervisor.spawn import end
from bench.load import Load, request
from bench.processes import cpu_s
from bench.report import Table
from bench.servers import Servers, free_port
from bench.users import new_token

_CONNECTIONS = 32
_ROUNDS, _ROUND_S = 8, 1.0
_MOST_A_SECOND = 12_000
_SUBMIT_TO_SET, _SUBMIT_TO_RQ, _LOOK_TO_SET = 0.5, 1.5, 0.8
_VARIABLES = {
    "AUTH_MODE": "token",
    "AGENT_RATE_LIMITS": "10000/second",
    "AGENT_QUEUE_MAX": "0",
}


@dataclass
class _Route:
    """What is asked, and how it went in each round."""

    name: str
    port: int
    pid: int
    make: Callable[[], bytes]
    expected: int
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    async def measure(self, seconds: float, *, keep: bool) -> None:
        # Made beforehand, so that no client is slower than another.
        ready = iter([self.make() for _ in range(int(_MOST_A_SECOND * seconds))])
        async with Load(self.port, _CONNECTIONS) as load:
            before = cpu_s(self.pid)
            answered = len(await load.run(lambda: next(ready), self.expected, seconds))
        if keep:
            self.rates.append(answered / seconds)
            self.cpu_ms.append((cpu_s(self.pid) - before) * 1e3 / answered)

    def ratio_to(self, other: _Route) -> float:
        """Of the requests a second, each round with its neighbour."""
        return statistics.median(
            mine / theirs for mine, theirs in zip(self.rates, other.rates, strict=True)
        )

    def cpu_ratio_to(self, other: _Route) -> float:
        """Of what the process can take if it has a processor to itself."""
        return statistics.median(other.cpu_ms) / statistics.median(self.cpu_ms)


def run(folder: Path) -> Table:
    servers = Servers(folder, variables=_VARIABLES, workers=0)
    with servers:
        token = asyncio.run(new_token(servers.settings))
        port = free_port()
        rq = servers.serve("bench.peers.rq_app:create_app", port)
        try:
            servers.wait_until_answered("/openapi.json", port)
            look, submit, one_set, plain_rq = asyncio.run(
                _measure(servers, {"Authorization": f"Bearer {token}"}, port, rq.pid)
            )
        finally:
            end(rq, timeout_s=10)
    table = Table(
        f"one API process, {_CONNECTIONS} connections, AUTH_MODE=token, rate limits on "
        f"({_ROUNDS} rounds, interleaved)"
    )
    for route in (one_set, submit, look, plain_rq):
        rate, cpu_ms = statistics.median(route.rates), statistics.median(route.cpu_ms)
        table.add(route.name, f"{rate:,.0f}/s  {cpu_ms:.3f} ms of processor each")
    for name, route, other, goal in (
        ("submit : SET", submit, one_set, _SUBMIT_TO_SET),
        ("submit : RQ", submit, plain_rq, _SUBMIT_TO_RQ),
        ("304 : SET", look, one_set, _LOOK_TO_SET),
    ):
        ratio = route.ratio_to(other)
        by_cpu = f"(by processor time {route.cpu_ratio_to(other):.2f})"
        table.add(name, f"{ratio:.2f} {by_cpu}", goal=f">= {goal:g}", met=ratio >= goal)
    return table


async def _measure(
    servers: Servers, signed_in: Mapping[str, str], rq_port: int, rq_pid: int
) -> list[_Route]:
    api = (servers.port, servers.api_pid)
    submit = _Route(
        "POST /jobs/agents/smoke/v1",
        *api,
        lambda: submit_request(signed_in, {"echo": "hello"}),
        202,
    )
    job_path, etag = await new_job(servers.port, signed_in)
    unchanged = request("GET", job_path, headers={**signed_in, "If-None-Match": etag})
    one_set = request("POST", "/bench/set", b"{}", signed_in)
    plain = request("POST", "/jobs", b'{"session_id":"s1","query":{"echo":"hello"}}')
    routes = [
        _Route("GET /jobs/{jobId}, 304", *api, lambda: unchanged, 304),
        submit,
        _Route("POST, one Redis SET", *api, lambda: one_set, 202),
        _Route("POST, rq.Queue.enqueue, sync", rq_port, rq_pid, lambda: plain, 202),
    ]
    for number in range(_ROUNDS + 1):
        for route in routes:
            await route.measure(_ROUND_S, keep=number > 0)  # The first warms it up.
    return routes


def submit_request(
    signed_in: Mapping[str, str], query: Mapping[str, object], agent: str = "smoke"
) -> bytes:
    """A new job each time, with a key of its own."""
    name = uuid4().hex
    body = json.dumps({"session_id": name, "query": query}).encode()
    headers = {**signed_in, "Idempotency-Key": f'"{name}"'}
    return request("POST", f"/jobs/agents/{agent}/v1", body, headers)


async def new_job(port: int, signed_in: Mapping[str, str]) -> tuple[str, str]:
    """The path of a job, and its tag."""
    async with Load(port, 1) as load:
        connection = load.connections[0]
        _, body = await connection.send(submit_request(signed_in, {"echo": "hello"}))
        path = f"/jobs/{json.loads(body)['jobId']}"
        await connection.send(request("GET", path, headers=signed_in))
        return path, connection.headers["etag"]
