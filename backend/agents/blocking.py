"""CPU work and blocking calls, off the event loop that all agents of a worker share.

Threads wouldn't do: one Python thread that computes slows every other, and none can be stopped. A
process can: cancelling the call, as a timeout does, kills the process that runs it.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import TypeVar

from anyio import BrokenWorkerProcess, to_process
from typing_extensions import TypeVarTuple, Unpack

from backend.agents.parent_death import die_with
from backend.agents.process_memory import unlimit_mapped
from backend.agents.skills import skill_modules
from backend.errors import AgentFailed

T = TypeVar("T")
Args = TypeVarTuple("Args")


async def run_blocking(function: Callable[[Unpack[Args]], T], *args: *Args) -> T:
    """Call `function(*args)` in another process and return what it returns.

    Function, arguments and result must be picklable, so the function has to be importable by name.
    At most as many run at once as there are cores; further calls wait their turn. Cancelling kills
    the process. Raises what the function raises, and AgentFailed if its process died.
    """
    try:
        return await to_process.run_sync(_call, os.getpid(), function, args, cancellable=True)
    except BrokenWorkerProcess:
        name = getattr(function, "__qualname__", "a function")
        raise AgentFailed(f"The process that ran {name} died: it may need less memory.") from None


def _call(parent_pid: int, function: Callable[[Unpack[Args]], T], args: tuple[*Args]) -> T:
    # Else a worker that is killed leaves its processes behind until their calls are over.
    die_with(parent_pid)
    # The worker's own limit, inherited, is meant for what its agents do in it.
    unlimit_mapped()
    return function(*args)


async def warm_up() -> None:
    """Start a process and let it import what offline answers take, before anybody waits for it."""
    await run_blocking(_import_all, sorted(skill_modules()))


def _import_all(names: list[str]) -> None:
    for name in names:
        importlib.import_module(name)
