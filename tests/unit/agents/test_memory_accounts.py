"""Agents that take memory: what is theirs is put down to them, however they take it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import pytest
from pydantic import BaseModel

from backend.agents import memory_account, process_memory, registry
from backend.agents.blocking import run_blocking
from backend.agents.context import AgentContext
from backend.agents.measured import Measured, create_measured_task
from backend.agents.memory_account import (
    Ledger,
    MemoryAccount,
    ledger,
    running_account,
)
from backend.agents.own_process import call_apart
from backend.agents.process_memory import held_bytes
from backend.agents.registry import agent
from backend.domain.events import Progress, RunEvent
from backend.errors import AgentFailed
from backend.testing.context import context_of
from backend.testing.running import Run, run_in_loop
from tests.fixtures.memory import MEGABYTE, MOST_MB, MOST_PIECES, PIECE_MB, needs_linux, take

pytestmark = needs_linux


class Query(BaseModel):
    """Nothing to ask for."""


class Answer(BaseModel):
    text: str = "done"


kept: list[bytearray] = []


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_registered", {})
    yield
    kept.clear()


async def _run(run: Callable[..., Any], name: str = "taker") -> Run:
    target = agent(name, "v1", output=Answer)(run)
    context = context_of()
    context.most_memory_bytes = MOST_MB * MEGABYTE
    return await run_in_loop(target, {}, context)


async def _keep_on() -> None:
    for _ in range(MOST_PIECES):
        kept.append(take())
        await asyncio.sleep(0)


async def in_its_own_steps(context: AgentContext, query: Query) -> Answer:
    await _keep_on()
    return Answer()


async def while_it_yields(context: AgentContext, query: Query) -> AsyncIterator[RunEvent]:
    for number in range(MOST_PIECES):
        kept.append(take())
        yield Progress(done=number, total=MOST_PIECES)
        await asyncio.sleep(0)


async def in_a_child(context: AgentContext, query: Query) -> Answer:
    await asyncio.create_task(_keep_on())
    return Answer()


async def in_a_group(context: AgentContext, query: Query) -> Answer:
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(60))
        group.create_task(_keep_on())
    return Answer()


async def in_a_group_of_anyio(context: AgentContext, query: Query) -> Answer:
    async with anyio.create_task_group() as group:
        group.start_soon(asyncio.sleep, 60)
        group.start_soon(_keep_on)
    return Answer()


async def in_parts_of_children(context: AgentContext, query: Query) -> Answer:
    async def one() -> None:
        kept.append(take())
        await asyncio.sleep(60)

    await asyncio.gather(*(one() for _ in range(MOST_PIECES)))
    return Answer()


async def in_its_last_step(context: AgentContext, query: Query) -> Answer:
    kept.extend(take() for _ in range(3))
    return Answer()


async def and_catches_what_it_can(context: AgentContext, query: Query) -> Answer:
    for _ in range(MOST_PIECES):
        try:
            kept.append(take())
            await asyncio.sleep(0)
        except (Exception, asyncio.CancelledError):
            continue
    await asyncio.sleep(60)
    return Answer()


@pytest.mark.parametrize(
    "run",
    [
        in_its_own_steps,
        while_it_yields,
        in_a_child,
        in_a_group,
        in_a_group_of_anyio,
        in_parts_of_children,
        in_its_last_step,
        and_catches_what_it_can,
    ],
)
async def test_one_that_takes_too_much_is_stopped_and_told_what_to_do(run: Any) -> None:
    with pytest.raises(AgentFailed) as failed:
        await _run(run)
    assert "taker@v1 took " in failed.value.message
    assert f"more than the {MOST_MB} MB that a job may have" in failed.value.message
    assert "keep nothing in globals, or make it a plain `def`" in failed.value.message
    assert not failed.value.retryable
    assert MOST_MB <= len(kept) * PIECE_MB <= MOST_MB + 2 * PIECE_MB
    assert ledger.running == []


async def test_one_that_wont_stop_is_not_resumed() -> None:
    async def takes_for_ever(context: AgentContext, query: Query) -> Answer:
        while True:
            try:
                kept.append(take())
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue

    with pytest.raises(AgentFailed, match="took"):
        await _run(takes_for_ever)
    taken = len(kept)
    for _ in range(10):
        await asyncio.sleep(0)
    assert taken <= MOST_MB / PIECE_MB + 3
    assert len(kept) == taken


async def test_what_is_given_back_counts_no_more() -> None:
    async def in_parts(context: AgentContext, query: Query) -> Answer:
        for _ in range(MOST_PIECES):
            part = take()
            await asyncio.sleep(0)
            del part
        return Answer()

    assert (await _run(in_parts)).output == Answer()


async def test_garbage_that_waits_to_be_collected_is_no_leak() -> None:
    async def in_circles(context: AgentContext, query: Query) -> Answer:
        for _ in range(MOST_PIECES):
            circle: list[Any] = [take()]
            circle.append(circle)
            await asyncio.sleep(0)
        return Answer()

    assert (await _run(in_circles)).output == Answer()


async def test_many_at_once_may_take_more_than_each_may() -> None:
    everybody = asyncio.Barrier(6)

    async def takes_some(context: AgentContext, query: Query) -> Answer:
        part = take()
        await everybody.wait()
        return Answer(text=str(len(part)))

    runs = await asyncio.gather(*(_run(takes_some) for _ in range(6)))
    assert {run.output.text for run in runs} == {str(PIECE_MB * MEGABYTE)}


async def test_one_beside_a_leak_is_not_blamed() -> None:
    async def busy(context: AgentContext, query: Query) -> Answer:
        part = take()
        for _ in range(100):
            await asyncio.sleep(0)
        return Answer(text=str(len(part)))

    innocent = asyncio.create_task(_run(busy, "busy"))
    with pytest.raises(AgentFailed, match="taker@v1 took"):
        await _run(in_its_own_steps)
    assert not innocent.done()
    assert (await innocent).output.text == str(PIECE_MB * MEGABYTE)


async def test_what_a_thread_takes_is_not_put_down_to_whose_step_it_is() -> None:
    taken = threading.Event()

    def takes() -> None:
        kept.extend(take() for _ in range(4))
        taken.set()

    async def waits_in_one_step(context: AgentContext, query: Query) -> Answer:
        threading.Thread(target=takes).start()
        taken.wait(20)
        return Answer()

    assert (await _run(waits_in_one_step)).output == Answer()
    assert len(kept) * PIECE_MB > MOST_MB


def _grows_by() -> int:
    before = held_bytes()
    part = take()
    return held_bytes() - before if part else 0


async def test_a_fork_tells_of_itself() -> None:
    outcome = await run_blocking(call_apart, _grows_by, (), MOST_MB * MEGABYTE)
    assert outcome.result_of("taker@v1", MOST_MB * MEGABYTE) >= (PIECE_MB - 1) * MEGABYTE


async def test_nothing_is_done_where_it_is_not_known_what_a_process_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process_memory._statm, "fd", -1)
    assert (await _run(in_its_own_steps)).output == Answer()


async def test_an_allocation_of_everything_is_told_as_such() -> None:
    async def asks_for_all(context: AgentContext, query: Query) -> Answer:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(bytearray, 1 << 60))
        return Answer()

    with pytest.raises(AgentFailed, match=f"more memory than there is for it, {MOST_MB} MB"):
        await _run(asks_for_all)


async def test_what_another_freed_is_not_held_against_who_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An allocator gives one job's freed memory to the next, so some is put down to the wrong."""
    monkeypatch.setattr(memory_account, "_SHARE_OUT_EVERY_S", 0)
    ledger = Ledger()
    stays = ledger.open("stays@v1", MOST_MB * MEGABYTE, lambda: None)
    stays.grow(1 << 50)
    ledger.close(ledger.open("goes@v1", MOST_MB * MEGABYTE, lambda: None))
    assert stays.grown_bytes < MEGABYTE
    assert ledger.running == [stays]


def _account() -> MemoryAccount:
    return MemoryAccount("taker@v1", MOST_MB * MEGABYTE, lambda: None)


async def test_a_task_is_itself_but_for_being_measured() -> None:
    account, seen = _account(), []

    async def child() -> str:
        seen.append(running_account.get())
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append(account.in_step)
            raise
        return ""

    async def parent() -> str:
        task = asyncio.create_task(child(), name="a child")
        await asyncio.sleep(0)
        assert task.get_name() == "a child"
        assert [frame.f_code.co_name for frame in task.get_stack()] == ["child"]
        task.cancel("enough")
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await task
        raise ValueError("of the parent")

    task = create_measured_task(parent(), account)
    assert isinstance(task.get_coro(), Measured)
    with pytest.raises(ValueError, match="of the parent"):
        await task
    assert seen == [account, True]
    assert not account.in_step
    assert running_account.get() is None


async def test_a_task_cancelled_before_it_began_leaves_nothing() -> None:
    async def never() -> None:
        raise AssertionError

    task = create_measured_task(never(), _account())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_tasks_of_others_are_left_alone() -> None:
    await create_measured_task(asyncio.sleep(0), _account())
    task = asyncio.create_task(asyncio.sleep(0))
    assert not isinstance(task.get_coro(), Measured)
    await task
