"""Breaks off an agent that blocks the event loop which all agents of a worker share, or that takes
too much memory without ever letting go of it.

Python can't stop a thread, but a signal runs a handler in the main thread, also in the middle of
`time.sleep`, a socket's wait or a loop that computes: what the handler raises ends the call that
blocks. It is raised only where an agent's code runs, never in ours. One that has caught it a few
times is raised in at its every line (`insisting`).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from backend.agents import measured, memory_account, process_memory, runner, shapes
from backend.agents.memory_account import running_account
from backend.agents.places import home_of, is_of_others
from backend.agents.registry import find_agent
from backend.agents.runner import running_agent
from backend.errors import AgentFailed
from backend.worker import insisting
from backend.worker.insisting import insist

# Ignored unless somebody handles it, so that one that comes late harms nothing.
_SIGNAL = signal.SIGURG
BLOCKED_TOO_LONG_S = 10.0
# An account that is half written, or a step that is never ended, would be wrong for good.
_OURS = frozenset(
    (
        measured.__file__,
        memory_account.__file__,
        process_memory.__file__,
        insisting.__file__,
        __file__,
    )
)
_OFFSTAGE = str(Path(runner.__file__).parents[1])
_CALLERS = frozenset(module.__file__ for module in (runner, shapes))
# What has caught it so often in one step would do so for ever.
_INSISTS_AT = 4
# A signal carries no reason. Set in the thread that sends it.
_blocks = threading.Event()


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, `interrupt` works on this thread, if it is the main one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(_SIGNAL, _break_off)
    try:
        yield
    finally:
        signal.signal(_SIGNAL, former)


def interrupt(thread_id: int) -> None:
    """Break off the agent whose code that thread is in now, if it is in one's: for its memory
    account's reason if that was stopped, or else for blocking."""
    _blocks.set()
    signal.pthread_kill(thread_id, _SIGNAL)


def interrupt_stopped(thread_id: int) -> None:
    """The same, but none whose memory account wasn't stopped."""
    signal.pthread_kill(thread_id, _SIGNAL)


def _break_off(_number: int, frame: FrameType | None) -> None:
    blocks = _blocks.is_set()
    _blocks.clear()
    name, account = running_agent.get(), running_account.get()
    if not name or account is None or (frame is not None and frame.f_code.co_filename in _OURS):
        return
    why = account.stopped or (_blocked(name, frame) if blocks else "")
    if not why:
        return
    account.times_broken_off += 1
    if account.times_broken_off >= _INSISTS_AT:
        insist(account, partial(_raise_in_an_agent, home_of(find_agent(name).target), why))
    raise AgentFailed(why)


def _raise_in_an_agent(home: str, why: str, frame: FrameType | None) -> None:
    """In none but its own lines: again and again, a library would be hit where it has taken a lock
    and isn't prepared to let go of it."""
    filename = frame.f_code.co_filename if frame else ""
    if filename == home or not (is_of_others(filename) or filename.startswith(_OFFSTAGE)):
        raise AgentFailed(why)


def _blocked(name: str, frame: FrameType | None) -> str:
    place = _place_of(frame, home_of(find_agent(name).target))
    return (
        f"{name} blocked its worker's event loop for more than {BLOCKED_TOO_LONG_S:g} s at "
        f"{place}: every other job waited. Make it a plain `def`, give the work to "
        "backend.agents.blocking.run_blocking, or await a library that is asynchronous."
    )


def _place_of(innermost: FrameType | None, home: str) -> str:
    """The innermost line of the agent's own file, or else of what is neither a library nor ours."""
    frames = list(_frames_of_step(innermost))
    own = [frame for frame in frames if frame.f_code.co_filename == home]
    own = own or [frame for frame in frames if not is_of_others(frame.f_code.co_filename)]
    if not own:
        return "an unknown place"
    code = own[0].f_code
    return f"{Path(code.co_filename).name}:{own[0].f_lineno} in {code.co_name}"


def _frames_of_step(innermost: FrameType | None) -> Iterator[FrameType]:
    """Of an agent's code and what it calls; none of what calls it."""
    frame = innermost
    while frame is not None and frame.f_code.co_filename != measured.__file__:
        if frame.f_code.co_filename not in _CALLERS:
            yield frame
        frame = frame.f_back
