"""Who goes first in a process that has more to do than it can.

Submits come in bursts, from programs, and each is worth milliseconds of nobody's time; whoever
reads waits for the answer. So few submits are worked on at a time, and one only while anything else
is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

SUBMITS_AT_ONCE = 8
# What takes longer waits for something else than this process: a job, an event, a database.
_OTHERS_COUNT_FOR_S = 0.02


class Turns:
    """The turns of one event loop."""

    def __init__(self, submits_at_once: int = SUBMITS_AT_ONCE) -> None:
        self._most = submits_at_once
        self._submits = 0
        self._others = 0
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

    @contextmanager
    def other(self) -> Iterator[None]:
        """Inside, something else than a submit is worked on."""
        self._others += 1
        over = asyncio.get_running_loop().call_later(_OTHERS_COUNT_FOR_S, self._other_is_over)
        try:
            yield
        finally:
            if asyncio.get_running_loop().time() < over.when() and not over.cancelled():
                over.cancel()
                self._other_is_over()

    @property
    def _places(self) -> int:
        return 1 if self._others else self._most

    def _other_is_over(self) -> None:
        self._others -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._submits < self._places:
            turn = self._waiting.popleft()
            if not turn.done():
                self._submits += 1
                turn.set_result(None)
