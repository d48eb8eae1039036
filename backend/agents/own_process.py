"""Calls a plain agent in a process that is its alone and ends with the call.

The processes of `blocking.py` are used again, so what one call leaves behind (memory, threads, a
changed directory) would burden the next one. A fork of such a process starts with all modules
loaded and takes everything with it. Where there is no fork, the call is made in place.
"""

from __future__ import annotations

import copy
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any, NoReturn

from backend.agents.memory_rules import needed_too_much
from backend.agents.parent_death import die_with
from backend.agents.places import place_of
from backend.agents.process_memory import limit_mapped, mapped_bytes
from backend.errors import AgentFailed, InvalidOutput

# More than any result may have; what is longer never reaches the worker.
MOST_OUTPUT_BYTES = 16_000_000


@dataclass(frozen=True)
class Outcome:
    """How a call ended: with a value, an exception, or the death of its process."""

    value: Any = None
    error: BaseException | None = None
    died_of: str = ""
    output_bytes: int = 0

    def result_of(self, name: str, most_memory_bytes: int) -> Any:
        """The value that agent `name` returned. Raises what it raised, or what ended it."""
        if self.died_of:
            raise AgentFailed(
                f"The process of {name} was ended by {self.died_of}: it may crash in native code, "
                "or need more memory than there is."
            )
        if self.output_bytes:
            raise InvalidOutput(
                f"The output of {name} has {self.output_bytes} bytes, far more than may be kept: "
                "return less of it."
            )
        if isinstance(self.error, SystemExit):
            raise AgentFailed(f"{name} called sys.exit(): return, or raise an error instead.")
        if isinstance(self.error, MemoryError):
            raise AgentFailed(needed_too_much(name, most_memory_bytes))
        if self.error is not None:
            raise self.error
        return self.value


def call_apart(
    function: Callable[..., Any], args: tuple[Any, ...], most_memory_bytes: int
) -> Outcome:
    """Call `function(*args)` in a fork of this process and say how it ended.

    It may take `most_memory_bytes` beside what this process has.
    """
    if not sys.platform.startswith("linux"):
        return _call(function, args)
    receiving, sending = Pipe(duplex=False)
    parent_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_the_fork(parent_pid, sending, partial(_call, function, args), most_memory_bytes)
    sending.close()
    with receiving:
        try:
            outcome: Outcome | None = receiving.recv()
        except EOFError:
            outcome = None
    _, status = os.waitpid(pid, 0)
    if outcome is not None:
        return outcome
    if os.WIFSIGNALED(status):
        return Outcome(died_of=signal.Signals(os.WTERMSIG(status)).name)
    return Outcome(died_of=f"os._exit({os.WEXITSTATUS(status)})")


def _be_the_fork(
    parent_pid: int,
    sending: Connection[Outcome, Outcome],
    call: Callable[[], Outcome],
    most_memory_bytes: int,
) -> NoReturn:
    try:
        # A call that is cancelled kills the parent; the fork must not outlive it.
        die_with(parent_pid)
        limit_mapped(mapped_bytes() + most_memory_bytes)
        # The standard streams carry the parent's answers; what the agent or a program it starts
        # prints must not get between them, nor into a log.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nowhere, fd)
        sending.send_bytes(_pickled(call()))
    finally:
        os._exit(0)


def _call(function: Callable[..., Any], args: tuple[Any, ...]) -> Outcome:
    try:
        return Outcome(value=function(*args))
    except BaseException as error:
        error.add_note("".join(traceback.format_exception(error)))
        return Outcome(error=_sendable(error))


def _sendable(error: BaseException) -> BaseException:
    """Itself, if it can be read back: one whose constructor asks for more than it keeps can't."""
    try:
        copy.copy(error)
        ForkingPickler.dumps(error)
    except Exception:
        return AgentFailed(f"It raised {type(error).__name__} at {place_of(error)}.")
    return error


def _pickled(outcome: Outcome) -> bytes | memoryview:
    told = ForkingPickler.dumps(outcome)
    if len(told) > MOST_OUTPUT_BYTES:
        return ForkingPickler.dumps(Outcome(output_bytes=len(told)))
    return told
