"""Keeps several children up, in order, until it is told to stop or one of them can't be kept up."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Protocol

from backend.supervisor.errors import ChildFailed
from backend.supervisor.restarts import RestartHistory, RestartPolicy

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Child(Protocol):
    """What the supervisor needs of a child; `start` may wait until the child is of use."""

    name: str

    def start(self) -> subprocess.Popen[bytes]: ...

    def kill(self) -> None: ...

    def stop(self) -> None: ...

    def last_lines(self) -> list[str]: ...


@dataclass(frozen=True)
class _Ended:
    child: Child
    code: int
    uptime_s: float


@dataclass(frozen=True)
class _RestartDue:
    child: Child


@dataclass(frozen=True)
class _StopAsked:
    pass


class Supervisor:
    """Starts `children` in the order given and stops them in the opposite one.

    Use from the main thread: `handle_signals` can only work there.
    """

    def __init__(self, children: Sequence[Child], policy: RestartPolicy | None = None) -> None:
        self._children = children
        policy = policy or RestartPolicy()
        self._histories = {child.name: RestartHistory(policy) for child in children}
        self._events: SimpleQueue[_Ended | _RestartDue | _StopAsked] = SimpleQueue()
        self._timers: list[threading.Timer] = []
        self._former_handlers: dict[signal.Signals, signal._HANDLER] = {}
        self._stopping = False
        self.stop_asked = False

    def start(self) -> None:
        for child in self._children:
            self._start(child)

    def step(self, timeout_s: float | None = None) -> None:
        """Deals with the next thing that happens to a child, waiting for it up to `timeout_s`.

        Raises `ChildFailed` when a child failed too often in a row.
        """
        try:
            event = self._events.get(timeout=timeout_s)
        except Empty:
            return
        if isinstance(event, _StopAsked):
            self.stop_asked = True
        elif isinstance(event, _RestartDue):
            self._start(event.child)
        else:
            self._schedule_restart(event)

    def run(self) -> None:
        """Returns when it was asked to stop. Raises `ChildFailed` as `step` does."""
        while not self.stop_asked:
            self.step()

    def ask_to_stop(self) -> None:
        """From any thread, or from a signal handler."""
        self._events.put(_StopAsked())

    def handle_signals(self, again: Callable[[], None] | None = None) -> None:
        """The first Ctrl-C, SIGTERM or SIGHUP asks to stop; the second does `again`, by default
        kills what still runs."""

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            if self.stop_asked:
                (again or self._kill_all)()
            self.stop_asked = True
            self.ask_to_stop()

        for number in _STOP_SIGNALS:
            self._former_handlers[number] = signal.signal(number, on_signal)

    def stop(self) -> None:
        """Ends every child; those started last end first."""
        self._stopping = True
        for timer in self._timers:
            timer.cancel()
        for child in reversed(self._children):
            child.stop()
        for number, handler in self._former_handlers.items():
            signal.signal(number, handler)

    def _kill_all(self) -> None:
        for child in self._children:
            child.kill()

    def _start(self, child: Child) -> None:
        process = child.start()
        started = time.monotonic()

        def watch() -> None:
            code = process.wait()
            if not self._stopping:
                self._events.put(_Ended(child, code, time.monotonic() - started))

        threading.Thread(target=watch, name=f"{child.name} watch", daemon=True).start()

    def _schedule_restart(self, ended: _Ended) -> None:
        delay_s = self._histories[ended.child.name].delay_after(ended.uptime_s)
        if delay_s is None:
            raise ChildFailed(
                f"The {ended.child.name} process keeps ending, the last time with "
                f"{_spelled(ended.code)}. Its last lines:\n" + "\n".join(ended.child.last_lines())
            )
        timer = threading.Timer(delay_s, self._events.put, [_RestartDue(ended.child)])
        timer.daemon = True
        self._timers.append(timer)
        timer.start()


def _spelled(code: int) -> str:
    """Popen's return code in words: negative ones are signals."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
