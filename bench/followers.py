"""A thousand followers on one API process: how late events reach them, and what each weighs."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bench.load import Load, request
from bench.processes import cpu_s, pss_mb
from bench.report import Table, percentile
from bench.servers import Servers
from bench.throughput import new_job, submit_request
from bench.users import new_token

_JOBS, _FOLLOWERS = 100, 1_000
_EVENTS, _EVERY_S = 30, 0.5
# The jobs begin when all follow, so that each event is seen as it comes.
_FOLLOWING_WITHIN_S = 12.0
_GIVEN_UP_AFTER_S = 90.0
_MOST_P95_MS, _MOST_KB = 150.0, 60.0
_TIME = re.compile(rb'"time":"([^"]+)".*"event":\{"type":"progress"')


class _Follower(asyncio.Protocol):
    """Follows one job; `lags_s` holds how long after its time each event came."""

    def __init__(self, asked: bytes, lags_s: list[float]) -> None:
        self._asked = asked
        self._lags_s = lags_s
        self._rest = b""
        self.opened = asyncio.get_running_loop().create_future()
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._asked)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        if not self.opened.done():
            assert data.startswith(b"HTTP/1.1 200"), data[:300]
            self.opened.set_result(None)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if found := _TIME.search(line):
                self._lags_s.append(now - datetime.fromisoformat(found[1].decode()).timestamp())
            elif b'"type":"error"' in line:
                self.ended.set_exception(AssertionError(line))
            elif b'"type":"final_result"' in line:
                self.ended.set_result(None)


def run(folder: Path) -> Table:
    variables = {"AUTH_MODE": "token", "AGENT_USER_CONCURRENCY": str(_JOBS)}
    with Servers(folder, concurrency=_JOBS + 10, variables=variables) as servers:
        token = asyncio.run(new_token(servers.settings))
        lags_s, kb, cpu = asyncio.run(_measure(servers, {"Authorization": f"Bearer {token}"}))
    p95_ms = percentile(lags_s, 95) * 1e3
    table = Table(f"{_FOLLOWERS} followers of {_JOBS} jobs on one API process, AUTH_MODE=token")
    table.add("events delivered", f"{len(lags_s):,} of {_FOLLOWERS * _EVENTS:,}")
    value = f"p50 {percentile(lags_s, 50) * 1e3:.0f} ms  p95 {p95_ms:.0f} ms"
    goal = f"p95 <= {_MOST_P95_MS:g} ms"
    table.add("from the event to the client", value, goal=goal, met=p95_ms <= _MOST_P95_MS)
    table.add("memory a follower", f"{kb:.0f} KB", goal=f"<= {_MOST_KB:g} KB", met=kb <= _MOST_KB)
    table.add("processor time of the API", f"{cpu * 100:.0f} % of one")
    return table


async def _measure(
    servers: Servers, signed_in: Mapping[str, str]
) -> tuple[list[float], float, float]:
    lags_s: list[float] = []
    loop = asyncio.get_running_loop()
    # What the first requests leave in memory isn't the followers'.
    await new_job(servers.port, signed_in)
    jobs = await _submit_jobs(servers, signed_in)
    before = pss_mb(servers.api_pid)
    followers: list[_Follower] = []
    for number in range(_FOLLOWERS):
        asked = request("GET", f"/jobs/{jobs[number % _JOBS]}/events", headers=signed_in)
        made = await loop.create_connection(
            lambda asked=asked: _Follower(asked, lags_s), "127.0.0.1", servers.port
        )
        followers.append(made[1])
    await asyncio.gather(*(follower.opened for follower in followers))
    kb = (pss_mb(servers.api_pid) - before) * 1024 / _FOLLOWERS
    lags_s.clear()
    began, cpu = time.monotonic(), cpu_s(servers.api_pid)
    async with asyncio.timeout(_GIVEN_UP_AFTER_S):
        await asyncio.gather(*(follower.ended for follower in followers))
    share = (cpu_s(servers.api_pid) - cpu) / (time.monotonic() - began)
    kb = max(kb, (pss_mb(servers.api_pid) - before) * 1024 / _FOLLOWERS)
    return lags_s, kb, share


async def _submit_jobs(servers: Servers, signed_in: Mapping[str, str]) -> list[str]:
    query = {"start_after_s": _FOLLOWING_WITHIN_S, "events": _EVENTS, "every_s": _EVERY_S}
    async with Load(servers.port, 1) as load:
        ids = []
        for _ in range(_JOBS):
            asked = submit_request(signed_in, query, "talker")
            status, body = await load.connections[0].send(asked)
            assert status == 202, body
            ids.append(json.loads(body)["jobId"])
        return ids
