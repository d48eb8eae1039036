"""A hundred jobs of all agents that save something, by five users with quotas on, at the same time.

Each user has the same five sessions with real material, and asks every agent for its artifact in
each: 20 jobs a user, all submitted over HTTP by all users at once. A user may run two jobs at a
time.

Fair shares are measured while every user has work waiting: from the moment the last user's first
job is submitted to the moment the first user's last one starts. What is shared is the workers'
time, so a user's share is the running time, and the figure is the user furthest from the mean of
all five: where the workers have room for all that the quotas allow, and where they have room for
less than half of it. How many starts each had is told too, and not held to the goal: jobs differ in
length, and of 18 starts one is 6 %.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.agents.registry import AgentSpec
from bench.built_in import saving_agents
from bench.load import Connection, Load, request
from bench.report import Table
from bench.samples import lectures
from bench.servers import Servers
from bench.users import new_token

_USERS, _SESSIONS, _AT_ONCE = 5, 5, 2
_WORKERS = 2
_ROOM_FOR_ALL, _ROOM_FOR_SOME = 8, 2
_MOST_APART = 0.10
_GIVEN_UP_AFTER_S = 600.0
_LOOK_EVERY_S = 0.5
_VARIABLES = {
    "AUTH_MODE": "token",
    "AGENT_RATE_LIMITS": "200/minute",
    "AGENT_USER_CONCURRENCY": str(_AT_ONCE),
    "AGENT_USER_TOKENS_PER_DAY": "50000000",
}


@dataclass(frozen=True)
class Run:
    """One job as the API told of it, in seconds since the epoch."""

    user: str
    agent: str
    status: str
    submitted_at: float
    started_at: float
    ended_at: float


@dataclass(frozen=True)
class Share:
    """What one user had while all had work waiting."""

    running_s: float
    starts: int


def run(folder: Path) -> Table:
    agents = saving_agents()
    jobs = _USERS * min(_SESSIONS, len(lectures())) * len(agents)
    table = Table(
        f"{jobs} jobs of {len(agents)} agents, {_USERS} users with {_AT_ONCE} at once each, "
        f"{_WORKERS} workers"
    )
    for slots in (_ROOM_FOR_ALL, _ROOM_FOR_SOME):
        each_folder = folder / str(slots)
        each_folder.mkdir()
        with Servers(
            each_folder, concurrency=slots, workers=_WORKERS, variables=_VARIABLES
        ) as servers:
            began = time.perf_counter()
            runs = asyncio.run(_all_runs(servers, agents))
            took_s = time.perf_counter() - began
        room = f"room for {_WORKERS * slots}"
        done = sum(each.status == "done" for each in runs)
        table.add(f"{room}: done", f"{done} in {took_s:.0f} s", goal=f"{jobs}", met=done == jobs)
        _tell_times(table, room, runs)
        _tell_shares(table, room, shares_of(runs))
    return table


def _tell_times(table: Table, room: str, runs: list[Run]) -> None:
    for agent, number in sorted(Counter(each.agent for each in runs).items()):
        times = [each.ended_at - each.started_at for each in runs if each.agent == agent]
        table.add(f"{room}: {agent}", f"{number} jobs, median {statistics.median(times):.1f} s")


def _tell_shares(table: Table, room: str, shares: dict[str, Share]) -> None:
    running_s = [share.running_s for share in shares.values()]
    starts = [share.starts for share in shares.values()]
    for what, values, is_held in (("running time", running_s, True), ("starts", starts, False)):
        apart = furthest(values)
        table.add(
            f"{room}: {what}",
            f"{min(values):.4g} to {max(values):.4g} a user, at most {apart:.1%} from the mean",
            goal=f"<= {_MOST_APART:.0%}" if is_held else "",
            met=not is_held or apart <= _MOST_APART,
        )


def shares_of(runs: list[Run]) -> dict[str, Share]:
    """Each user's share of the time in which all of them had work waiting."""
    starts: dict[str, list[float]] = {}
    first_submitted: dict[str, float] = {}
    for each in runs:
        starts.setdefault(each.user, []).append(each.started_at)
        earlier = first_submitted.get(each.user, each.submitted_at)
        first_submitted[each.user] = min(earlier, each.submitted_at)
    begins = max(first_submitted.values())
    ends = min(max(times) for times in starts.values())
    return {
        user: Share(
            sum(
                max(0.0, min(each.ended_at, ends) - max(each.started_at, begins))
                for each in runs
                if each.user == user
            ),
            sum(begins <= at < ends for at in times),
        )
        for user, times in starts.items()
    }


def furthest(values: Sequence[float]) -> float:
    """How far the one furthest from the mean is from it, as a part of the mean."""
    mean = statistics.fmean(values)
    return max(abs(value - mean) for value in values) / mean if mean else 1.0


async def _all_runs(servers: Servers, agents: list[AgentSpec]) -> list[Run]:
    users = [f"user{number}" for number in range(1, _USERS + 1)]
    signed_in = [
        {"Authorization": f"Bearer {await new_token(servers.settings, user)}"} for user in users
    ]
    async with Load(servers.port, _USERS) as load, asyncio.timeout(_GIVEN_UP_AFTER_S):
        callers = [_Caller(*each) for each in zip(users, signed_in, load.connections, strict=True)]
        sessions = [await caller.new_sessions() for caller in callers]
        each_users = await asyncio.gather(
            *(caller.run(agents, ids) for caller, ids in zip(callers, sessions, strict=True))
        )
    return [each for runs in each_users for each in runs]


def _seconds(told: str) -> float:
    return datetime.fromisoformat(told).timestamp()


@dataclass(frozen=True)
class _Caller:
    user: str
    signed_in: Mapping[str, str]
    connection: Connection

    async def new_sessions(self) -> list[str]:
        """Sessions with one real text each."""
        ids = []
        for title, text in lectures()[:_SESSIONS]:
            session = await self._ask("POST", "/sessions", {"title": title}, expected=201)
            ids.append(session["id"])
            material = {"title": title, "text": text}
            await self._ask("POST", f"/sessions/{ids[-1]}/materials", material, expected=201)
        return ids

    async def run(self, agents: list[AgentSpec], sessions: list[str]) -> list[Run]:
        """Submit a job of each agent for each session, and wait until all have ended."""
        for session_id in sessions:
            for spec in agents:
                assert spec.saves
                path = f"/agents/{spec.id}/{spec.version}/{spec.saves.name}"
                body = {"session_id": session_id, "query": {}, "memory": "backend"}
                await self._ask("POST", path, body, expected=202)
        while True:
            jobs = (await self._ask("GET", "/jobs?limit=100"))["items"]
            if all(job["status"] in ("done", "failed") for job in jobs):
                return [self._run(job) for job in jobs]
            await asyncio.sleep(_LOOK_EVERY_S)

    def _run(self, job: dict[str, Any]) -> Run:
        if job["status"] != "done":
            print(f"{job['agent']} of {self.user}: {job['error']}")
        return Run(
            self.user,
            job["agent"],
            job["status"],
            _seconds(job["createdAt"]),
            # One that failed without a start took no time.
            _seconds(job["startedAt"] or job["endedAt"]),
            _seconds(job["endedAt"]),
        )

    async def _ask(
        self, method: str, path: str, body: object = None, *, expected: int = 200
    ) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        status, answer = await self.connection.send(request(method, path, sent, self.signed_in))
        assert status == expected, (status, answer[:500])
        return json.loads(answer)
