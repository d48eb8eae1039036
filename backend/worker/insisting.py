"""Breaks off an agent that catches whatever is raised in it.

What is raised while it handles an error leaves the handler, and with it the loop that would begin
anew. So a timer raises again right after, and again, for as long as the agent's step lasts.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from itertools import cycle
from types import FrameType
from weakref import WeakKeyDictionary

from backend.agents.memory_account import MemoryAccount

# One of them falls in with what the agent does about what was raised.
_SOON_S = (5e-6, 10e-6, 20e-6, 40e-6, 80e-6)
_SOON_TIMES = 100
_LATER_S = 1e-3
Raise = Callable[[FrameType | None], None]


def insist(account: MemoryAccount, raise_in: Raise) -> None:
    """Call `raise_in` with what is run, over and over, until the step has ended that the account is
    in. Call it again whenever something is raised in that step. On the main thread; whatever else
    uses SIGALRM has to wait."""
    insistence = _insistences.get(account)
    if insistence is None:
        insistence = _insistences[account] = _Insistence(account, raise_in)
    insistence.go_on()


class _Insistence:
    def __init__(self, account: MemoryAccount, raise_in: Raise) -> None:
        self._account, self._step, self._raise_in = account, account.steps, raise_in
        self._soon = cycle(_SOON_S)
        self._missed = 0
        self._former = signal.signal(signal.SIGALRM, self._again)
        self._former_timer = signal.setitimer(signal.ITIMER_REAL, 0)
        # The event loop is told of every signal, for when it runs again: of more than it has room
        # for, and needs to know.
        signal.set_wakeup_fd(signal.set_wakeup_fd(-1), warn_on_full_buffer=False)

    def go_on(self) -> None:
        self._missed = 0
        signal.setitimer(signal.ITIMER_REAL, next(self._soon))

    def _again(self, _number: int, frame: FrameType | None) -> None:
        if not self._account.in_step or self._account.steps != self._step:
            self._end()
            return
        late = self._missed >= _SOON_TIMES
        signal.setitimer(signal.ITIMER_REAL, _LATER_S if late else next(self._soon))
        self._missed += 1
        try:
            self._raise_in(frame)
        except BaseException:
            self._missed = 0
            raise

    def _end(self) -> None:
        _insistences.pop(self._account, None)
        # First: what nobody handles would end the process.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._former)
        signal.setitimer(signal.ITIMER_REAL, *self._former_timer)


_insistences: WeakKeyDictionary[MemoryAccount, _Insistence] = WeakKeyDictionary()
