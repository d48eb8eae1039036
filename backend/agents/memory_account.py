"""Whose the memory of this process is: what each running job's steps have made it grow.

An event loop runs one step at a time, so what a process grows between the start and the end of a
step was taken by the agent whose step it was, or by a thread meanwhile: what the step's own thread
wasn't given isn't the step's. What threads take is put down by who watches them
(`worker.thread_memory`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

from backend.agents.memory_rules import MEGABYTE, accounted, grew_in_step, shared_out, took_too_much
from backend.agents.process_memory import (
    MOST_BYTES_A_FAULT,
    collect_garbage,
    faults,
    faults_of,
    held_bytes,
    unlimit_mapped,
)

# What less a thread took meanwhile harms nobody.
_WORTH_A_LOOK_BYTES = 8 * MEGABYTE
_MUCH_IN_THREADS_BYTES = 16 * MEGABYTE
_SHARE_OUT_EVERY_S = 0.25


class MemoryAccount:
    """One run's. `stopped` says why it has to end, `tell` wakes its runner on its loop. `over` is
    one that has ended, though `threads` may still work for it. `times_broken_off` counts within a
    step.
    """

    def __init__(self, agent: str, most_bytes: int, tell: Callable[[], None]) -> None:
        self.agent = agent
        self.most_bytes = most_bytes
        self.tell = tell
        self.stopped: str | None = None
        self._told = False
        self.over = False
        self.threads = 0
        self.steps = 0
        self.times_broken_off = 0
        # Of all its steps, whatever became of it since.
        self.stepped_bytes = 0
        self.in_threads_bytes = 0
        self._began_at_bytes = held_bytes()
        self._in_steps_bytes = 0
        self._step_began_at_bytes: int | None = None
        self._step_began_at_faults = 0
        self._thread_id = threading.get_native_id()

    @property
    def grown_bytes(self) -> int:
        """How much it has made the process grow, in steps and in threads."""
        return self._in_steps_bytes + self.in_threads_bytes

    def grow(self, by_bytes: int) -> None:
        """In its steps, which may also give back what its threads took."""
        self._in_steps_bytes = max(-self.in_threads_bytes, self._in_steps_bytes + by_bytes)

    @property
    def took_much_in_threads(self) -> bool:
        """Whether threads that still work for it have. Others, as of a library that keeps one for
        all of its users, are none of its concern."""
        return self.threads > 0 and self.in_threads_bytes > _MUCH_IN_THREADS_BYTES

    @property
    def in_step(self) -> bool:
        return self._step_began_at_bytes is not None

    def begin_step(self) -> None:
        self.steps += 1
        self.times_broken_off = 0
        self._step_began_at_faults = faults()
        self._step_began_at_bytes = held_bytes()

    def end_step(self) -> int:
        """Account for the step and end the run if it took too much; how much the step grew."""
        held = held_bytes()
        grew = self.grew_in_step(held)
        self._step_began_at_bytes = None
        self.stepped_bytes += grew
        self.grow(grew)
        if self.grown_bytes > self.most_bytes and self.stopped is None:
            self.stop_if_over()
        if self.stopped is not None:
            self.tell_once()
        return grew

    def tell_once(self) -> None:
        """On its loop, once it was stopped."""
        if not self._told:
            self._told = True
            self.tell()

    def bytes_of(self, held: int) -> int:
        """What is this run's of the bytes that are held now; also asked in its steps."""
        return accounted(self.grown_bytes + self.grew_in_step(held), self._began_at_bytes, held)

    def grew_in_step(self, held: int) -> int:
        began_at = self._step_began_at_bytes
        grew = 0 if began_at is None else held - began_at
        if grew < _WORTH_A_LOOK_BYTES:
            return grew
        own_faults = faults_of(self._thread_id) - self._step_began_at_faults
        return grew_in_step(grew, own_faults, MOST_BYTES_A_FAULT)

    def stop_if_over(self) -> bool:
        """Whether it has more than it may; garbage that waits to be collected isn't held against
        it."""
        if self.bytes_of(held_bytes()) <= self.most_bytes:
            return False
        # Whoever runs next mustn't find the memory used up that this run may have filled.
        unlimit_mapped()
        before = held_bytes()
        collect_garbage()
        held = held_bytes()
        if not self.in_step:
            self.grow(held - before)
        took = self.bytes_of(held)
        if took <= self.most_bytes:
            return False
        self.stopped = took_too_much(self.agent, took, self.most_bytes)
        return True


class Ledger:
    """The accounts of a process: of jobs that run, and what was left by those that ended.

    Jobs begin and end on one thread; `running` and `left` may be asked, and accounts reopened, from
    another.
    """

    def __init__(self) -> None:
        self._running: dict[MemoryAccount, None] = {}
        self._stepped_by_closed = 0
        self._least_held_bytes: int | None = None
        self._share_out_at = 0.0
        self._left_bytes: dict[str, float] = {}
        self._lock = threading.Lock()

    @property
    def running(self) -> list[MemoryAccount]:
        return list(self._running)

    def open(self, agent: str, most_bytes: int, tell: Callable[[], None]) -> MemoryAccount:
        account = MemoryAccount(agent, most_bytes, tell)
        self._share_out()
        self._running[account] = None
        return account

    @property
    def stepped_bytes(self) -> int:
        """How much steps have made the process grow in all, without those under way."""
        return self._stepped_by_closed + sum(each.stepped_bytes for each in self.running)

    def stepped_by(self, held: int) -> int:
        """The same with those under way."""
        return self.stepped_bytes + sum(each.grew_in_step(held) for each in self.running)

    def close(self, account: MemoryAccount) -> None:
        """What it still holds is left behind, until `left` finds it freed. One whose threads have
        taken much stays open: close it again once they have ended."""
        account.over = True
        if account.took_much_in_threads or account not in self._running:
            return
        left = account.bytes_of(held_bytes())
        with self._lock:
            self._stepped_by_closed += account.stepped_bytes
            del self._running[account]
            if left:
                self._left_bytes[account.agent] = self._left_bytes.get(account.agent, 0) + left
        self._share_out()

    def reopen(self, account: MemoryAccount) -> None:
        """For what a thread takes that was left behind."""
        with self._lock:
            if account not in self._running:
                self._stepped_by_closed -= account.stepped_bytes
                self._running[account] = None

    def _share_out(self) -> None:
        """What an allocator keeps of one job's memory, the next one takes without growth: then what
        that frees is more than it was known to have."""
        now = time.monotonic()
        if now < self._share_out_at:
            return
        self._share_out_at = now + _SHARE_OUT_EVERY_S
        held = held_bytes()
        least = held if self._least_held_bytes is None else min(held, self._least_held_bytes)
        self._least_held_bytes = least
        grown = {account: account.grown_bytes for account in self.running}
        for account, part in shared_out(grown, held - least).items():
            account.grow(int(part) - account.grown_bytes)

    def left(self, began_at_bytes: int) -> dict[str, float]:
        """What ended jobs have left by agent: no more than the process has grown since it held
        that much, without what is of those that run."""
        with self._lock:
            held = held_bytes()
            explained = sum(account.bytes_of(held) for account in self.running)
            self._left_bytes = shared_out(self._left_bytes, held - began_at_bytes - explained)
            return dict(self._left_bytes)


ledger = Ledger()
running_account: ContextVar[MemoryAccount | None] = ContextVar("running_account", default=None)
"""Whose steps are taken here: of the run itself and of all tasks it starts."""
