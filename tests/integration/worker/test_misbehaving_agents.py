"""Agents that are slow, stubborn, wasteful or wrong: their own job pays, and no other."""

from __future__ import annotations

import asyncio
import itertools
import logging
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.context import AgentContext
from backend.db import artifacts, sessions
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS
from backend.domain.events import FinalResult, Progress, RunEvent, TextDelta, ToolCall
from backend.domain.states import JobState
from backend.settings import Settings
from backend.worker import upkeep
from backend.worker.job_view import JobView
from backend.worker.steps import MAX_STEP_BYTES
from tests.fixtures.offstage import USER, Jobs, NewAgent, running_worker

Run = AsyncIterator[RunEvent]
FOR_EVER_S = 50


class _AnyOutput(BaseModel):
    word: str = ""


async def _ends(jobs: Jobs, agent_id: str) -> JobView:
    view = await jobs.ended((await jobs.submit(agent_id)).job_id)
    # The worker is none the worse for it.
    assert (await jobs.ended(await jobs.smoke("other"))).state is JobState.DONE
    return view


@pytest.mark.parametrize("query", [{"sleep_s": 60}, {"block_s": 60}])
async def test_a_job_that_takes_too_long_is_stopped(
    query: dict[str, Any], job_settings: Settings, jobs: Jobs
) -> None:
    settings = job_settings.model_copy(update={"agent_job_timeout": 0.5})
    async with running_worker(settings):
        job_id = await jobs.smoke(**query)
        view = await jobs.waits_for_retry(job_id)
    assert view.error is not None
    assert (view.error.code, view.error.retryable) == ("timeout", True)
    assert "0.5 s" in view.error.message


async def test_a_timeout_holds_for_agents_that_swallow_it(
    job_settings: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    released = asyncio.Event()

    async def run(self: Any, context: AgentContext, query: Any) -> Run:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue
        yield FinalResult(output={})

    agent_id = new_agent(run)
    async with running_worker(job_settings.model_copy(update={"agent_job_timeout": 0.2})):
        await jobs.waits_for_retry((await jobs.submit(agent_id)).job_id)
        released.set()


async def _escaping_cancellation() -> None:
    task = asyncio.create_task(asyncio.sleep(60))
    task.cancel()
    await task


async def _exit() -> None:
    sys.exit(3)


async def _nothing() -> None:
    """Ends without a final result."""


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_escaping_cancellation, "agent_error"),
        (_exit, "agent_error"),
        (_nothing, "invalid_output"),
    ],
)
async def test_odd_ends_are_failures(
    act: Any, code: str, jobs: Jobs, new_agent: NewAgent, worker: object
) -> None:
    async def run(self: Any, context: AgentContext, query: Any) -> Run:
        context.progress(1, 1)
        await act()
        for event in ():
            yield event

    view = await _ends(jobs, new_agent(run))
    assert view.error is not None
    assert (view.state, view.error.code, view.attempt) == (JobState.FAILED, code, 1)


@pytest.mark.parametrize("output", [{"text": "x" * 4_000_001}, {"text": "\ud800"}])
async def test_output_that_cannot_be_kept_is_refused(
    output: dict[str, Any], jobs: Jobs, new_agent: NewAgent, worker: object
) -> None:
    async def run(self: Any, context: AgentContext, query: Any) -> Run:
        yield FinalResult(output=output)

    view = await _ends(jobs, new_agent(run))
    assert view.error is not None
    assert view.state is JobState.FAILED
    assert view.error.code in ("invalid_output", "agent_error")
    assert not view.error.retryable


async def test_a_step_too_large_to_keep_fails_and_says_which(
    jobs: Jobs, new_agent: NewAgent, worker: object
) -> None:
    async def run(self: Any, context: AgentContext, query: Any) -> Run:
        async def large() -> str:
            return "x" * MAX_STEP_BYTES

        yield FinalResult(output={"text": await context.step("the large one", large, str)})

    view = await _ends(jobs, new_agent(run))
    assert view.error is not None
    assert (view.error.code, "'the large one'" in view.error.message) == ("agent_error", True)


async def test_a_flood_of_events_is_bounded_and_keeps_its_end(
    jobs: Jobs, new_agent: NewAgent, worker: object
) -> None:
    async def run(self: Any, context: AgentContext, query: Any) -> Run:
        for number in range(5_000):
            context.emit(TextDelta(text=f"word {number} "))
        yield FinalResult(output={"words": 5_000})

    job_id = (await jobs.submit(new_agent(run))).job_id
    assert (await jobs.ended(job_id)).state is JobState.DONE
    told = await jobs.events(job_id)
    assert len(told) <= 2_200
    assert told[-1].event == FinalResult(output={"words": 5_000})
    assert [each.seq for each in told] == list(range(told[0].seq, 5_003))


async def test_an_agent_that_blocks_the_loop_is_broken_off_and_told_where(
    jobs: Jobs, new_agent: NewAgent, worker: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_BLOCKED_AFTER_S", 0.1)
    monkeypatch.setattr(upkeep, "BLOCKED_TOO_LONG_S", 0.3)

    async def run(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        threading.Event().wait(FOR_EVER_S)
        return _AnyOutput()

    await _is_broken_off(jobs, new_agent(run))


async def _catches_in_a_function() -> None:
    while True:
        try:
            threading.Event().wait(0.01)
        except BaseException:
            continue


async def _catches_in_a_call() -> None:
    def tries() -> None:
        try:
            threading.Event().wait(FOR_EVER_S)
        except BaseException:
            logging.getLogger("of a test").debug("caught")

    while True:
        tries()


async def _computes_and_catches() -> None:
    numbers = itertools.count()
    while True:
        try:
            next(numbers)
        except BaseException:
            numbers = itertools.count()


@pytest.mark.parametrize(
    "catches", [_catches_in_a_function, _catches_in_a_call, _computes_and_catches]
)
async def test_one_that_catches_all_is_broken_off_as_well(
    catches: Callable[[], Awaitable[None]],
    jobs: Jobs,
    new_agent: NewAgent,
    worker: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upkeep, "_BLOCKED_AFTER_S", 0.1)
    monkeypatch.setattr(upkeep, "BLOCKED_TOO_LONG_S", 0.3)
    before = signal.getsignal(signal.SIGALRM)

    async def run(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        await catches()
        return _AnyOutput()

    await _is_broken_off(jobs, new_agent(run))
    assert signal.getsignal(signal.SIGALRM) is before


async def _is_broken_off(jobs: Jobs, agent: str) -> None:
    view = await _ends(jobs, agent)
    assert view.error is not None
    assert (view.state, view.error.code) == (JobState.FAILED, "agent_error")
    assert "blocked its worker's event loop" in view.error.message
    assert "test_misbehaving_agents.py:" in view.error.message
    assert "Make it a plain `def`" in view.error.message


@pytest.mark.parametrize(
    "event",
    [
        TextDelta(text="x" * 50_000_000),
        Progress(done=1, total=1, note="x" * 200_000),
        ToolCall(call_id="1", tool="search", arguments={"query": "x" * 200_000}),
    ],
    ids=lambda event: event.type,
)
async def test_an_event_of_many_megabytes_fails_its_job(
    event: RunEvent, jobs: Jobs, new_agent: NewAgent, worker: object
) -> None:
    async def run(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        context.emit(event)
        return _AnyOutput()

    view = await _ends(jobs, new_agent(run))
    assert view.error is not None
    assert f"told '{event.type}' with more than 100000 characters" in view.error.message


async def test_what_is_not_an_event_fails_where_it_is_told(
    jobs: Jobs, new_agent: NewAgent, worker: object
) -> None:
    async def emits(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        context.emit("half way")  # type: ignore[arg-type]
        return _AnyOutput()

    async def yields(self: Any, context: AgentContext, query: Any) -> Any:
        yield "half way"

    for run in (emits, yields):
        view = await _ends(jobs, new_agent(run))
        assert view.error is not None
        assert "an object of str" in view.error.message


async def test_an_output_that_is_not_of_the_kind_it_saves_is_refused_whole(
    jobs: Jobs, new_agent: NewAgent, worker: object, job_engine: AsyncEngine
) -> None:
    async def run(self: Any, context: AgentContext, query: Any) -> _AnyOutput:
        return _AnyOutput()

    async with UnitOfWork(job_engine) as uow:
        session = await sessions.create(uow, USER, {"title": "A session"})
        await uow.commit()
    agent_id = new_agent(run, saves=SYNOPSIS)
    view = await jobs.ended((await jobs.submit(agent_id, session.id, memory="backend")).job_id)
    assert view.error is not None
    assert view.error.code == "invalid_output"
    assert "can't be saved as synopsis, wrong at: title, language, items" in view.error.message
    assert "Make Synopsis its output model" in view.error.message
    async with UnitOfWork(job_engine, read_only=True) as uow:
        assert await artifacts.latest_number(uow, SYNOPSIS, session.id) == 0


class _Answer(BaseModel):
    word: str


async def test_an_agent_on_a_model_of_its_own(
    jobs: Jobs, new_agent: NewAgent, worker: object
) -> None:
    def answers(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[TextPart("whatever")])

    async def run(self: Any, context: AgentContext, query: Any) -> Run:
        result = await Agent(FunctionModel(answers)).run("Say it.")
        context.count_usage(result.usage)
        yield FinalResult(output={"word": result.output})

    job_id = (await jobs.submit(new_agent(run, output=_Answer))).job_id
    view = await jobs.ended(job_id)
    assert view.error is None
    assert view.usage is not None
    assert view.usage.requests == 1
    assert (await jobs.result(job_id))["output"] == {"word": "whatever"}
    assert await jobs.event_types(job_id) == ["run_started", "usage", "final_result"]
