"""Agents that take too much memory, or leave it behind: their own job pays, and no other."""

from __future__ import annotations

import asyncio
import os
import resource
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from pydantic import BaseModel

from backend.agents.blocking import run_blocking
from backend.agents.context import AgentContext
from backend.agents.process_memory import give_back, held_bytes
from backend.domain.states import JobState
from backend.settings import Settings
from backend.worker import keys, memory_watch
from backend.worker.job_view import JobView
from backend.worker.memory_room import MemoryRoom
from tests.fixtures.memory import MEGABYTE, MOST_MB, MOST_PIECES, PIECE_MB, needs_linux, take
from tests.fixtures.offstage import OUR_WORKER, USER, Jobs, NewAgent, process, running_worker
from tests.fixtures.plug_in import install_plug_in

pytestmark = needs_linux


class _AnyOutput(BaseModel):
    word: str = ""


@pytest.fixture
def narrow(job_settings: Settings) -> Settings:
    return job_settings.model_copy(update={"agent_memory_mb": MOST_MB})


async def _ends_beside_others(
    leaks: Any,
    settings: Settings,
    jobs: Jobs,
    new_agent: NewAgent,
    stopped: threading.Event | None = None,
) -> str:
    """Why the job failed; the others were under way already, and end well on the same worker. What
    a thread of it does is `stopped` as well."""
    over = asyncio.Event()
    bystanders = 0
    all_there = asyncio.Event()

    async def bystander(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        nonlocal bystanders
        part = take(8)
        bystanders += 1
        if bystanders == 8:
            all_there.set()
        await over.wait()
        return _AnyOutput(word=str(len(part)))

    innocent = new_agent(bystander)
    async with running_worker(settings) as worker:
        ids = [(await jobs.submit(innocent, f"s{number}")).job_id for number in range(8)]
        await asyncio.wait_for(all_there.wait(), 20)
        view = await jobs.ended((await jobs.submit(new_agent(leaks))).job_id)
        assert stopped is None or await asyncio.to_thread(stopped.wait, 20)
        over.set()
        ended = [await jobs.ended(job_id) for job_id in ids]
        assert not worker.wants_a_successor
    assert [(each.state, each.attempt) for each in ended] == [(JobState.DONE, 1)] * 8
    assert bystanders == 8
    return _final_error(view)


def _final_error(view: JobView) -> str:
    assert view.error is not None
    assert (view.state, view.attempt, view.error.code, view.error.retryable) == (
        JobState.FAILED,
        1,
        "agent_error",
        False,
    )
    return view.error.message


async def test_one_that_leaks_step_by_step(
    narrow: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    async def leaks(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        kept = []
        for _ in range(MOST_PIECES):
            kept.append(take())
            await asyncio.sleep(0)
        return _AnyOutput()

    message = await _ends_beside_others(leaks, narrow, jobs, new_agent)
    assert f"MB of memory, more than the {MOST_MB} MB that a job may have" in message


class _Grower:
    """Grows in a thread, and tells whether it was stopped there."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def grow(self) -> None:
        kept = []
        try:
            for _ in range(10 * MOST_PIECES):
                kept.append(take(20))
                threading.Event().wait(0.02)
        except BaseException:
            self.stopped.set()
            raise


async def _of_the_loop(grow: Callable[[], None]) -> None:
    await asyncio.to_thread(grow)


async def _of_an_executor(grow: Callable[[], None]) -> None:
    with ThreadPoolExecutor() as pool:
        await asyncio.get_running_loop().run_in_executor(pool, grow)


async def _of_anyio(grow: Callable[[], None]) -> None:
    await anyio.to_thread.run_sync(grow)


async def _of_its_own(grow: Callable[[], None]) -> None:
    thread = threading.Thread(target=grow)
    thread.start()
    await asyncio.to_thread(thread.join)


async def _of_a_thread_of_the_loop(grow: Callable[[], None]) -> None:
    await asyncio.to_thread(asyncio.run, _of_its_own(grow))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    "run_in_thread",
    [_of_the_loop, _of_an_executor, _of_anyio, _of_its_own, _of_a_thread_of_the_loop],
)
async def test_one_that_leaks_in_a_thread(
    run_in_thread: Callable[[Callable[[], None]], Awaitable[None]],
    narrow: Settings,
    jobs: Jobs,
    new_agent: NewAgent,
) -> None:
    grower = _Grower()

    async def leaks(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        await run_in_thread(grower.grow)
        return _AnyOutput()

    message = await _ends_beside_others(leaks, narrow, jobs, new_agent, grower.stopped)
    assert f"MB of memory, more than the {MOST_MB} MB that a job may have" in message


async def test_a_thread_that_is_left_behind(
    narrow: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    grower = _Grower()

    async def leaves_it_behind(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        self.call = asyncio.get_running_loop().run_in_executor(None, grower.grow)
        return _AnyOutput(word="done")

    async with running_worker(narrow) as worker:
        job_id = (await jobs.submit(new_agent(leaves_it_behind))).job_id
        assert (await jobs.ended(job_id)).state is JobState.DONE
        assert await asyncio.to_thread(grower.stopped.wait, 20)
        assert not worker.wants_a_successor


async def test_what_threads_give_back_counts_no_more(
    narrow: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    looked = threading.Event()

    def in_parts() -> int:
        return sum(len(take()) for _ in range(MOST_PIECES) if not looked.wait(0.1))

    async def takes_and_gives(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        return _AnyOutput(word=str(await asyncio.to_thread(in_parts)))

    async with running_worker(narrow):
        view = await jobs.ended((await jobs.submit(new_agent(takes_and_gives))).job_id)
    assert view.state is JobState.DONE


async def test_one_beside_a_thread_that_leaks_is_not_blamed(
    narrow: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    over, grower = threading.Event(), _Grower()

    def takes_some() -> int:
        part = take()
        over.wait(20)
        return len(part)

    async def innocent(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        return _AnyOutput(word=str(await asyncio.to_thread(takes_some)))

    async def leaks(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        await asyncio.to_thread(grower.grow)
        return _AnyOutput()

    async with running_worker(narrow):
        beside = (await jobs.submit(new_agent(innocent), "beside")).job_id
        await jobs.running(beside)
        leaking = await jobs.ended((await jobs.submit(new_agent(leaks))).job_id)
        over.set()
        view = await jobs.ended(beside)
    assert f"more than the {MOST_MB} MB that a job may have" in _final_error(leaking)
    assert (view.state, view.attempt) == (JobState.DONE, 1)


@pytest.mark.parametrize("catches", [(), Exception, BaseException])
async def test_one_that_grows_without_ever_yielding(
    catches: Any, narrow: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    async def grows(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        kept = []
        for _ in range(10 * MOST_PIECES):
            try:
                kept.append(take(20))
                threading.Event().wait(0.1)
            except catches:
                continue
        return _AnyOutput()

    message = await _ends_beside_others(grows, narrow, jobs, new_agent)
    assert f"MB of memory, more than the {MOST_MB} MB that a job may have" in message


async def test_one_huge_allocation(narrow: Settings, jobs: Jobs, new_agent: NewAgent) -> None:
    async def asks_for_all(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        return _AnyOutput(word=str(len(bytearray(50 * 2**30))))

    message = await _ends_beside_others(asks_for_all, narrow, jobs, new_agent)
    assert f"asked for more memory than there is for it, {MOST_MB} MB at the most" in message


async def test_what_limits_a_worker_limits_none_of_its_helpers(
    job_settings: Settings, jobs: Jobs
) -> None:
    former = resource.getrlimit(resource.RLIMIT_DATA)
    async with running_worker(job_settings):
        await jobs.ended(await jobs.smoke())
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        assert await run_blocking(resource.getrlimit, resource.RLIMIT_DATA) == (hard, hard)
    assert (soft, hard) != former
    assert resource.getrlimit(resource.RLIMIT_DATA) == former


async def test_when_memory_nears_its_end_the_one_that_took_most_has_to_go(
    job_settings: Settings, jobs: Jobs, new_agent: NewAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_back()
    narrow_room = MemoryRoom(held_bytes() + 450 * MEGABYTE)

    async def takes_the_last(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        kept = [take() for _ in range(8)]
        await asyncio.Event().wait()
        return _AnyOutput(word=str(len(kept)))

    monkeypatch.setattr(memory_watch, "memory_room", lambda: narrow_room)
    message = await _ends_beside_others(takes_the_last, job_settings, jobs, new_agent)
    assert "more than all jobs beside it" in message
    assert f"most of the {narrow_room.given_bytes // MEGABYTE} MB that there are" in message


async def test_a_worker_that_makes_way_has_no_successor_once_it_is_told_to_stop(
    job_settings: Settings,
) -> None:
    async with running_worker(job_settings) as worker:
        assert not worker.wants_a_successor
        worker.retire()
        assert worker.wants_a_successor
        worker.stop()
        assert not worker.wants_a_successor


HOARDER = f'''
import os
from pydantic import BaseModel
from backend.agents.context import AgentContext
from backend.agents.registry import agent

class Query(BaseModel):
    pass

class Kept(BaseModel):
    pid: int
    pieces: int

kept = []

@agent("hoarder", "v1")
async def hoarder(context: AgentContext, query: Query) -> Kept:
    """Keeps something of each job in a global."""
    kept.append(bytearray({PIECE_MB} * 1024**2))
    return Kept(pid=os.getpid(), pieces=len(kept))
'''


async def _worker_without(jobs: Jobs, former: str) -> str:
    """The name of the worker that is there, once it isn't the former one."""

    async def look() -> str | None:
        found = {key.decode() async for key in jobs.redis.scan_iter("rq:worker:*", _type="HASH")}
        return next(iter(found - {former}), None)

    name: str = await jobs.until_changed("rq:worker:*", look)
    return name


async def _hoard(jobs: Jobs, session_id: str) -> tuple[int, int]:
    """The process that ran it, and how much that holds since it began."""
    job_id = (await jobs.submit("hoarder", session_id)).job_id
    view = await jobs.ended(job_id)
    assert (view.state, view.attempt) == (JobState.DONE, 1)
    assert (await jobs.event_types(job_id)).count("run_started") == 1
    output = (await jobs.result(job_id))["output"]
    return output["pid"], output["pieces"]


async def test_what_jobs_leave_behind_ends_with_the_worker_that_makes_way(
    job_settings: Settings, job_engine: object, jobs: Jobs, tmp_path: Path
) -> None:
    variables = {
        "PYTHONPATH": install_plug_in(tmp_path / "site", "hoarder", HOARDER),
        "AGENT_MEMORY_MB": str(MOST_MB),
        # Longer than the worker takes to notice, shorter than the job beside would take.
        "AGENT_SHUTDOWN_GRACE": "0.5",
    }
    log = tmp_path / "worker.log"
    with process(OUR_WORKER, job_settings, log, **variables) as worker:
        first = await _worker_without(jobs, "")
        niceness = _niceness(worker.pid)
        beside = await jobs.smoke("beside", sleep_s=60)
        held = [await _hoard(jobs, f"s{number}") for number in range(3)]
        second = await _worker_without(jobs, first)
        after = await _hoard(jobs, "after")
        view = await jobs.running(beside)
        await jobs.queue.cancel(beside, USER)
        await jobs.ended(beside)
        lines = worker.log_lines()
        assert _niceness(worker.pid) == niceness
        assert await asyncio.to_thread(worker.stop) == 0
    assert held == [(worker.pid, 1), (worker.pid, 2), (worker.pid, 3)]
    assert first != second
    assert after == (worker.pid, 1)
    # Handed back without using up an attempt.
    assert view.attempt == 1
    told = next(line for line in lines if "makes way for a fresh one" in line["event"])
    assert told["left_mb"]["hoarder@v1"] >= MOST_MB
    assert "keep nothing in globals" in told["cure"]
    assert not await jobs.redis.exists(keys.QueueKeys(job_settings.agent_queue).queue)


STUBBORN = """
import asyncio
import time
from pydantic import BaseModel
from backend.agents.context import AgentContext
from backend.agents.registry import agent

class Query(BaseModel):
    pass

class Nothing(BaseModel):
    pass

def grow() -> None:
    kept = []
    while True:
        try:
            kept.append(bytearray(20 * 1024**2))
            time.sleep(0.02)
        except BaseException:
            continue

@agent("stubborn", "v1")
async def stubborn(context: AgentContext, query: Query) -> Nothing:
    \"\"\"Its thread can't be stopped.\"\"\"
    await asyncio.to_thread(grow)
    return Nothing()
"""


async def test_a_thread_that_cannot_be_stopped_ends_with_the_worker_that_makes_way(
    job_settings: Settings, job_engine: object, jobs: Jobs, tmp_path: Path
) -> None:
    variables = {
        "PYTHONPATH": install_plug_in(tmp_path / "site", "stubborn", STUBBORN),
        "AGENT_MEMORY_MB": str(MOST_MB),
    }
    log = tmp_path / "worker.log"
    with process(OUR_WORKER, job_settings, log, **variables) as worker:
        first = await _worker_without(jobs, "")
        beside = await jobs.smoke("beside", sleep_s=2)
        await jobs.running(beside)
        stubborn = await jobs.ended((await jobs.submit("stubborn")).job_id)
        await _worker_without(jobs, first)
        view = await jobs.ended(beside)
        lines = worker.log_lines()
        assert await asyncio.to_thread(worker.stop) == 0
    assert f"more than the {MOST_MB} MB that a job may have" in _final_error(stubborn)
    assert (view.state, view.attempt) == (JobState.DONE, 1)
    told = next(line for line in lines if "makes way for a fresh one at once" in line["event"])
    assert told["agent"] == "stubborn@v1"


def _niceness(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)
