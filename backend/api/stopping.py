"""Answers that last end when the process is told to stop: a server waits for them otherwise."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def on_stop(act: Callable[[], None]) -> Iterator[None]:
    """Inside, `act` runs on this event loop at SIGTERM or SIGINT, beside whatever handles them.

    Servers tell an application that they stop only when all of its answers are complete.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    replaced = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}

    def told(signum: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        before = replaced[signal.Signals(signum)]
        if callable(before):
            before(signum, frame)

    # Where nobody handles it, a signal ends the process at once and there is nothing to do.
    handled = [each for each, before in replaced.items() if callable(before)]
    for each in handled:
        signal.signal(each, told)
    try:
        yield
    finally:
        for each in handled:
            signal.signal(each, replaced[each])
