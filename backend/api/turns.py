"""Who goes first in a process that has more to do than it can.

Submits come in bursts, from programs, and each is worth milliseconds of nobody's time; whoever
reads waits for the answer. So few submits are worked on at a time, and one only while anything else
is asked for now and again: a burst between two requests of a page is in the way of the second.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SUBMITS_AT_ONCE = 8
# After another request has come. One that takes longer waits for something else than this process:
# a job, an event, a database.
OTHERS_COUNT_FOR_S = 0.05


class Turns:
    """The turns of one event loop."""

    def __init__(self, submits_at_once: int = SUBMITS_AT_ONCE) -> None:
        self._most = submits_at_once
        self._submits = 0
        self._calm_at = 0.0
        self._calm: asyncio.TimerHandle | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def submit(self) -> AsyncIterator[None]:
        """Inside, it is this submit's turn. They come in the order in which they asked.

        Whatever a client may be slow with belongs before it.
        """
        if self._waiting or self._submits >= self._places:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._submits -= 1
                    self._let_in()
                raise
        else:
            self._submits += 1
        try:
            yield
        finally:
            self._submits -= 1
            self._let_in()

    def other(self) -> None:
        """Something else than a submit is asked for."""
        loop = asyncio.get_running_loop()
        self._calm_at = loop.time() + OTHERS_COUNT_FOR_S
        if self._calm is None:
            self._calm = loop.call_at(self._calm_at, self._look_for_calm)

    @property
    def _places(self) -> int:
        return self._most if self._calm is None else 1

    def _look_for_calm(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._calm_at:
            self._calm = loop.call_at(self._calm_at, self._look_for_calm)
        else:
            self._calm = None
            self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._submits < self._places:
            turn = self._waiting.popleft()
            if not turn.done():
                self._submits += 1
                turn.set_result(None)
