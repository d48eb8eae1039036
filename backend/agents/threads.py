"""Which run a thread works for, and what it was given there.

What an agent runs in threads comes here by one of three ways: the loop's default executor
(`asyncio.to_thread`, `run_in_executor(None, …)`), anyio's threads (pydantic-ai's tools that are no
coroutines), and threads that the agent starts. Replacing `Thread.start` is what OpenTelemetry's
instrumentation of threads does as well; anyio has no hook to use instead.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from contextvars import Context
from functools import partial
from typing import Any, TypeVar

from anyio._backends._asyncio import AsyncIOBackend, WorkerThread

from backend.agents.memory_account import MemoryAccount, running_account
from backend.agents.places import is_of_others
from backend.agents.process_memory import faults, faults_of

T = TypeVar("T")
_NAME = "agents"
_RAISED_ANYWHERE_AT = 2


class ThreadStopped(BaseException):
    """Raised in a thread whose run was stopped and that goes on taking memory for it."""


class ThreadWork:
    """A call that a thread runs for an agent. `told` is how often it was told to stop, `faults` how
    often its thread was given memory when that was last counted."""

    def __init__(self, account: MemoryAccount) -> None:
        self.account = account
        self.told = 0
        self.faults = 0
        self._ident = threading.get_ident()
        self._native_id = threading.get_native_id()
        self._counted_faults = faults()

    def count_faults(self) -> int:
        """How often its thread was given memory since this was last asked."""
        own = threading.get_ident() == self._ident
        now = faults() if own else faults_of(self._native_id)
        self.faults, self._counted_faults = now - self._counted_faults, now
        return self.faults

    def stop(self) -> None:
        """Raise in it, at first only in what is no library: it may just have taken a lock, and not
        be prepared yet to let go of it."""
        self.told += 1
        frame = sys._current_frames().get(self._ident)
        in_library = frame is not None and is_of_others(frame.f_code.co_filename)
        if not in_library or self.told >= _RAISED_ANYWHERE_AT:
            self.let_raise(ThreadStopped)

    def let_raise(self, error: type[BaseException] | None) -> None:
        """Have it raised at the next line of Python that the thread runs; None takes it back."""
        raised = ctypes.py_object(error) if error else None
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._ident), raised)


class ThreadWorks:
    """All such calls of this process. Asked from any thread."""

    def __init__(self) -> None:
        self._works: dict[ThreadWork, None] = {}
        self._faults: dict[MemoryAccount, int] = {}
        self._lock = threading.Lock()

    def run(
        self, account: MemoryAccount, function: Callable[..., T], *args: Any, **kwargs: Any
    ) -> T:
        """Call the function for that run, in this thread."""
        token = running_account.set(account)
        work = ThreadWork(account)
        try:
            with self._lock:
                self._works[work] = None
                account.threads += 1
            return function(*args, **kwargs)
        finally:
            self._end(work)
            running_account.reset(token)

    def _end(self, work: ThreadWork) -> None:
        while True:
            # What tells it to stop may come as late as here; once it isn't listed none comes.
            with suppress(ThreadStopped):
                with self._lock:
                    if work in self._works:
                        self._count(work)
                        del self._works[work]
                        work.account.threads -= 1
                work.let_raise(None)
                return

    def _count(self, work: ThreadWork) -> None:
        account = work.account
        self._faults[account] = self._faults.get(account, 0) + work.count_faults()

    def count_faults(self) -> Mapping[MemoryAccount, int]:
        """How often threads were given memory for each run since this was last asked."""
        with self._lock:
            for work in self._works:
                self._count(work)
            counted, self._faults = self._faults, {}
        return counted

    def stop(self, account: MemoryAccount) -> None:
        """Tell the threads of a run to stop, but for those that lately took little: a library may
        have started one for all of its users."""
        with self._lock:
            works = [work for work in self._works if work.account is account]
            most = max((work.faults for work in works), default=0)
            for work in works:
                if 2 * work.faults >= most:
                    work.stop()

    def told(self, account: MemoryAccount) -> int:
        """How often one that still works for that run has been told so."""
        with self._lock:
            return max((work.told for work in self._works if work.account is account), default=0)


thread_works = ThreadWorks()


class AgentThreads(ThreadPoolExecutor):
    """A loop's default executor: it remembers which run gave it a call."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        account = running_account.get()
        if account is not None:
            fn = partial(thread_works.run, account, fn)
        # A thread that is started for this call will serve others as well.
        return Context().run(super().submit, fn, *args, **kwargs)


@contextmanager
def measured_threads(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Inside, what agents on that loop run in threads is put down to them."""
    loop.set_default_executor(AgentThreads(thread_name_prefix=_NAME))
    with ExitStack() as replaced:
        for owner, name, made in (
            (threading.Thread, "start", _starting_for_a_run),
            (AsyncIOBackend, "run_sync_in_worker_thread", _calling_for_a_run),
        ):
            former = vars(owner)[name]
            setattr(owner, name, made(former))
            replaced.callback(setattr, owner, name, former)
        yield


def _starting_for_a_run(start: Callable[[threading.Thread], None]) -> Any:
    def started(thread: threading.Thread) -> None:
        account = running_account.get()
        if account is not None and not isinstance(thread, WorkerThread):
            vars(thread)["run"] = partial(thread_works.run, account, thread.run)
        start(thread)

    return started


def _calling_for_a_run(former: Any) -> Any:
    run_sync = former.__func__

    def called(cls: Any, function: Callable[..., T], *args: Any, **kwargs: Any) -> Any:
        account = running_account.get()
        if account is not None:
            function = partial(thread_works.run, account, function)
        return run_sync(cls, function, *args, **kwargs)

    return classmethod(called)
