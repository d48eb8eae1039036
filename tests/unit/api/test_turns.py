"""Submits take turns, and make way for whatever else is asked for."""

from __future__ import annotations

import asyncio

from backend.api.turns import OTHERS_COUNT_FOR_S, Turns


class Submit:
    """One that takes as long as it is told to."""

    def __init__(self, turns: Turns) -> None:
        self.began = asyncio.Event()
        self._may_end = asyncio.Event()
        self._turns = turns
        self.task = asyncio.create_task(self._run())

    async def end(self) -> None:
        self._may_end.set()
        await self.task

    async def _run(self) -> None:
        async with self._turns.submit():
            self.began.set()
            await self._may_end.wait()


async def begun(submits: list[Submit]) -> list[bool]:
    """Which have had their turn, when everybody has done what he can."""
    for _ in range(10):
        await asyncio.sleep(0)
    return [submit.began.is_set() for submit in submits]


async def test_so_many_at_a_time_in_the_order_they_came() -> None:
    turns = Turns(submits_at_once=2)
    submits = [Submit(turns) for _ in range(4)]
    assert await begun(submits) == [True, True, False, False]
    await submits[1].end()
    assert await begun(submits) == [True, True, True, False]
    for submit in (submits[0], submits[2], submits[3]):
        await submit.end()


async def test_one_at_a_time_for_a_moment_after_something_else_was_asked() -> None:
    turns = Turns(submits_at_once=3)
    turns.other()
    submits = [Submit(turns) for _ in range(4)]
    assert await begun(submits) == [True, False, False, False]
    await submits[0].end()
    assert await begun(submits) == [True, True, False, False]
    await asyncio.wait_for(submits[3].began.wait(), timeout=5)
    for submit in submits[1:]:
        await submit.end()


async def test_each_request_starts_the_moment_anew() -> None:
    loop = asyncio.get_running_loop()
    turns = Turns(submits_at_once=2)
    turns.other()
    first_at = loop.time()
    # Before the first moment is over: a timer of the same length set earlier would end sooner.
    loop.call_at(first_at + OTHERS_COUNT_FOR_S / 2, turns.other)
    submits = [Submit(turns) for _ in range(2)]
    await asyncio.wait_for(submits[1].began.wait(), timeout=5)
    assert loop.time() >= first_at + OTHERS_COUNT_FOR_S * 1.5
    for submit in submits:
        await submit.end()


async def test_who_leaves_gives_the_turn_on() -> None:
    turns = Turns(submits_at_once=1)
    first, second, third = (Submit(turns) for _ in range(3))
    assert await begun([first, second, third]) == [True, False, False]
    second.task.cancel()
    first.task.cancel()
    assert await begun([third]) == [True]
    await third.end()


async def test_who_leaves_when_its_turn_has_just_come_gives_it_on() -> None:
    turns = Turns(submits_at_once=1)
    async with turns.submit():
        second, third = Submit(turns), Submit(turns)
        assert await begun([second, third]) == [False, False]
    second.task.cancel()
    assert await begun([second, third]) == [False, True]
    await third.end()
