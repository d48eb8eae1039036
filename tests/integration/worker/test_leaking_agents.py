"""Agents that take too much memory, or leave it behind: their own job pays, and no other."""

from __future__ import annotations

import asyncio
import resource
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from pydantic import BaseModel

from backend.agents.blocking import run_blocking
from backend.agents.context import AgentContext
from backend.agents.process_memory import give_back, held_bytes
from backend.domain.states import JobState
from backend.settings import Settings
from backend.worker import memory_watch
from backend.worker.memory_room import MemoryRoom
from tests.fixtures.memory import MEGABYTE, MOST_MB, MOST_PIECES, final_error, needs_linux, take
from tests.fixtures.offstage import Jobs, NewAgent, running_worker

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
    return final_error(view)


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
    assert f"more than the {MOST_MB} MB that a job may have" in final_error(leaking)
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
