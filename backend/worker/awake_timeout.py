"""A timeout that counts the time in which this process could have noticed what it waits for."""

from __future__ import annotations

import asyncio
from types import TracebackType

_TICKS = 4


class AwakeTimeout:
    """`asyncio.timeout` for a peer that isn't to be blamed for this process's own standstill.

    The time is cut into ticks. However late a tick comes, because the event loop or the machine
    stood still, it counts as one; and what was ready when the last one came is read before time is
    up.
    Raises TimeoutError from the block. Use it once.
    """

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._tick_s = seconds / _TICKS
        self._left = _TICKS
        self._timeout = asyncio.timeout(None)
        self._handle: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()
        self._handle = self._loop.call_later(self._tick_s, self._tick)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            self._handle.cancel()
        await self._timeout.__aexit__(kind, error, traceback)

    def _tick(self) -> None:
        self._left -= 1
        if self._left:
            self._handle = self._loop.call_later(self._tick_s, self._tick)
        else:
            # Ends it in the loop's next round, behind whatever this round found ready.
            self._timeout.reschedule(self._loop.time())
