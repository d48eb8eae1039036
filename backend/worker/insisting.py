"""Breaks off an agent that catches whatever is raised in it.

What is raised while it handles an error leaves the handler, and with it the loop that would begin
anew. So a timer raises again and again, as often as it can, for as long as the agent's step lasts.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

from backend.agents.memory_account import MemoryAccount

_EVERY_S = 0.00005
Raise = Callable[[FrameType | None], None]


def insist(account: MemoryAccount, raise_in: Raise) -> None:
    """Call `raise_in` with whatever frame is run, until the step that the account is in has ended.
    On the main thread; what else it uses SIGALRM for has to wait."""
    step = account.steps

    def again(_number: int, frame: FrameType | None) -> None:
        if account.in_step and account.steps == step:
            raise_in(frame)
        else:
            signal.setitimer(signal.ITIMER_REAL, *former_timer)
            signal.signal(signal.SIGALRM, former)

    former = signal.signal(signal.SIGALRM, again)
    former_timer = signal.setitimer(signal.ITIMER_REAL, _EVERY_S, _EVERY_S)
