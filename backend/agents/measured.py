"""Tasks whose every step is put down to an agent's memory account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Any, TypeVar
from weakref import WeakSet

from backend.agents.memory_account import MemoryAccount, running_account
from backend.agents.memory_rules import MEGABYTE

T = TypeVar("T")
# A run that was stopped may need some memory to clean up.
_FOR_CLEANING_UP_BYTES = 16 * MEGABYTE
_measured_loops: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


class Measured(Coroutine[Any, Any, T]):
    """A coroutine whose steps are accounted for; in all else (`cr_frame`, …) it is the one within.

    Once its run was stopped, one that hasn't begun never does, and one that goes on taking memory
    isn't resumed any more.
    """

    __slots__ = ("_account", "_begun", "_coroutine", "_grew_after_stop_bytes")

    def __init__(self, coroutine: Coroutine[Any, Any, T], account: MemoryAccount) -> None:
        self._coroutine = coroutine
        self._account = account
        self._begun = False
        self._grew_after_stop_bytes = 0

    def send(self, value: Any) -> Any:
        return self._step(self._coroutine.send, value)

    def throw(self, *error: Any) -> Any:
        return self._step(self._coroutine.throw, *error)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Any:
        return self._coroutine.__await__()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._coroutine, name)

    def _step(self, resume: Callable[..., Any], *value: Any) -> Any:
        account = self._account
        if account.in_step:
            # Started eagerly, within a step of its parent that is measured already.
            return resume(*value)
        if account.stopped is not None:
            self._end_if_it_may()
        self._begun = True
        account.begin_step()
        try:
            return resume(*value)
        finally:
            grew = account.end_step()
            if account.stopped is not None:
                self._grew_after_stop_bytes += grew

    def _end_if_it_may(self) -> None:
        """One that is under way may clean up, or be at work for others."""
        if self._begun and self._grew_after_stop_bytes <= _FOR_CLEANING_UP_BYTES:
            return
        # It may await something on its way out, which can't be waited for.
        with suppress(Exception):
            self._coroutine.close()
        raise asyncio.CancelledError


def create_measured_task(
    coroutine: Coroutine[Any, Any, T], account: MemoryAccount
) -> asyncio.Task[T]:
    """A task of the running loop; it and all tasks that it starts are put down to `account`."""
    loop = asyncio.get_running_loop()
    _measure_children(loop)
    context = copy_context()
    context.run(running_account.set, account)
    return loop.create_task(coroutine, context=context)


def _measure_children(loop: asyncio.AbstractEventLoop) -> None:
    if loop in _measured_loops:
        return
    _measured_loops.add(loop)
    former: Any = loop.get_task_factory() or _plain_task

    def task(
        loop: asyncio.AbstractEventLoop,
        coroutine: Any,
        *,
        context: Context | None = None,
        **options: Any,
    ) -> Any:
        inherited = running_account.get() if context is None else context.get(running_account)
        if inherited is not None and isinstance(coroutine, Coroutine):
            coroutine = Measured(coroutine, inherited)
        if context is not None:
            options["context"] = context
        return former(loop, coroutine, **options)

    loop.set_task_factory(task)


def _plain_task(
    loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
) -> asyncio.Task[Any]:
    return asyncio.Task(coroutine, loop=loop, **options)
