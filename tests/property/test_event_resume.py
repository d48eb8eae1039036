"""A job's events, followed over connections that break anywhere: none lost, none twice.

Real servers, two of them on one Redis: each time a follower comes back it may come to another one,
which knows nothing of it, as after a restart. Cuts fall after any byte. The log is short, so that
floods trim it; what is gone must be told as a gap, and a gap only where something is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import uuid4

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.api.app import create_app
from backend.domain.events import EventEnvelope, TextDelta
from backend.settings import Settings
from backend.worker import keys
from tests.fixtures.offstage import USER, Jobs, open_jobs, served
from tests.integration.api.followers import teller

SERVERS = 2
KEPT = 20  # by a log; it is trimmed when a hundred more are there
GAP, END = "gap", "error"


@dataclass
class Follower:
    """What it has got: the texts of events, `GAP` and `END`. `at` is the last id it knows."""

    got: list[str] = field(default_factory=list)
    at: str = ""

    def take(self, block: bytes) -> None:
        """One whole event as the HTML standard has it; half of one is none."""
        lines = (line.partition(":") for line in block.decode().split("\n"))
        fields = {name: value.removeprefix(" ") for name, _, value in lines if name}
        self.at = fields.get("id", self.at)
        if fields.get("event") == GAP:
            self.got.append(GAP)
        elif "data" in fields:
            event = EventEnvelope.model_validate_json(fields["data"]).event
            self.got.append(event.text if isinstance(event, TextDelta) else event.type)


@dataclass(frozen=True)
class Tell:
    """So many events are told; while they are, both followers read, each until its cut."""

    count: int
    server: int
    cuts: tuple[int | None, int | None]


@dataclass(frozen=True)
class Read:
    """One follower reads until it has all there is, or is cut off after so many bytes."""

    follower: int
    server: int
    cut: int | None


servers = st.integers(0, SERVERS - 1)
cuts = st.none() | st.integers(0, 1_500)
steps = st.lists(
    st.builds(Tell, st.integers(1, 8) | st.just(130), servers, st.tuples(cuts, cuts))
    | st.builds(Read, st.integers(0, 1), servers, cuts),
    max_size=12,
)


class Offstage:
    """Servers of one event loop, and a job whose events are told one after another."""

    def __init__(self, clients: list[httpx2.AsyncClient], jobs: Jobs) -> None:
        self._clients = clients
        self._jobs = jobs

    async def play(self, played: list[Tell | Read]) -> tuple[list[str], list[Follower]]:
        """All that was told, and what two followers got of it by the end."""
        job_id = await self._jobs.smoke(uuid4().hex)
        followers = [Follower(), Follower()]
        told: list[str] = []
        for step in played:
            if isinstance(step, Read):
                if told:
                    follower = followers[step.follower]
                    await self._read(job_id, follower, step.server, told[-1], step.cut)
                continue
            new = [str(len(told) + number) for number in range(step.count)]
            async with asyncio.TaskGroup() as group:
                for follower, cut in zip(followers, step.cuts, strict=True):
                    group.create_task(self._read(job_id, follower, step.server, new[-1], cut))
                group.create_task(
                    teller(self._jobs).tell(job_id, [TextDelta(text=text) for text in new])
                )
            told += new
        await self._jobs.queue.cancel(job_id, USER)
        for follower in followers:
            await self._read(job_id, follower, 0, END, None)
        return [*told, END], followers

    async def any_position(self, after: Callable[[list[str]], str]) -> tuple[list[str], list[str]]:
        """What a follower gets that comes with a position nobody gave it, and what it should."""
        job_id = await self._jobs.smoke(uuid4().hex)
        for _ in range(3):
            await teller(self._jobs).tell(job_id, [TextDelta(text=x) for x in "abc"])
        await self._jobs.queue.cancel(job_id, USER)
        entries = await self._jobs.redis.xrange(keys.events_key(job_id))
        logged = [position.decode() for position, _ in entries]
        position = after(logged)
        follower = Follower(at=position)
        await self._read(job_id, follower, 0, END, None)
        expected = [id_ for id_ in logged if _number(id_) > _number(position)]
        return follower.got, (["a", "b", "c"] * 3 + [END])[len(logged) - len(expected) :]

    async def _read(
        self, job_id: str, follower: Follower, server: int, until: str, cut: int | None
    ) -> None:
        if until in follower.got:
            return
        headers = {"Last-Event-ID": follower.at} if follower.at else {}
        path, buffer, left = f"/jobs/{job_id}/events", bytearray(), cut
        async with (
            asyncio.timeout(20),
            self._clients[server].stream("GET", path, headers=headers) as answer,
        ):
            if answer.status_code == 204:
                return
            assert answer.status_code == 200
            async for chunk in answer.aiter_bytes():
                buffer += chunk if left is None else chunk[:left]
                *blocks, rest = bytes(buffer).split(b"\n\n")
                buffer[:] = rest
                for block in blocks:
                    follower.take(block)
                left = None if left is None else left - len(chunk)
                if until in follower.got or (left is not None and left <= 0):
                    return


def _number(position: str) -> tuple[int, int]:
    milliseconds, _, number = position.partition("-")
    return int(milliseconds), int(number or 0)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def offstage(
    job_settings: Settings, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Offstage]:
    monkeypatch.setattr("backend.worker.events._LONGEST_LOG", KEPT)
    stack = AsyncExitStack()

    async def start() -> Offstage:
        jobs = await stack.enter_async_context(open_jobs(job_settings))
        clients = [
            await stack.enter_async_context(served(create_app(job_settings), drain_s=1))
            for _ in range(SERVERS)
        ]
        return Offstage(clients, jobs)

    yield runner.run(start())
    runner.run(stack.aclose())


HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.timeout(180)
def test_wherever_it_is_cut_nothing_is_lost_or_told_twice(
    offstage: Offstage, runner: asyncio.Runner
) -> None:
    gaps = 0

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=HEALTH)
    @given(steps)
    def check(played: list[Tell | Read]) -> None:
        nonlocal gaps
        told, followers = runner.run(offstage.play(played))
        for follower in followers:
            gaps += require_whole(told, follower.got)

    check()
    assert gaps, "no example trimmed what somebody still had to read"


def require_whole(told: list[str], got: list[str]) -> int:
    """Each event once and in order; what is missing is told, and nothing else. How many gaps."""
    place, gap, gaps = 0, False, 0
    for each in got:
        if each == GAP:
            gap = True
            continue
        found = told.index(each)
        assert (found > place) if gap else (found == place), (each, got)
        place, gaps, gap = found + 1, gaps + gap, False
    assert place == len(told), f"after {got[-3:]} nothing came"
    return gaps


OFFSETS = st.sampled_from([-(10**6), -2, -1, 0, 1, 2, 10**6])


@pytest.mark.timeout(60)
def test_any_position_is_answered_with_what_comes_after_it(
    offstage: Offstage, runner: asyncio.Runner
) -> None:
    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=HEALTH)
    @given(st.integers(0, 9), OFFSETS, OFFSETS, st.booleans())
    def check(near: int, milliseconds: int, number: int, whole: bool) -> None:
        def position(logged: list[str]) -> str:
            ms, seq = _number(logged[near])
            return f"{ms + milliseconds}" + (f"-{max(0, seq + number)}" if whole else "")

        got, expected = runner.run(offstage.any_position(position))
        assert got == expected

    check()
