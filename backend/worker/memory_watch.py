"""Watches the memory of a worker: stops who takes too much of it, and asks for a fresh process when
what ended jobs have left fills this one.

Called from upkeep's thread, since an agent that never lets go of the event loop grows as well. An
agent's own limit is held between its steps (`agents.memory_account`); here it is held within one,
and for its threads.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from backend.agents.memory_account import MemoryAccount, ledger
from backend.agents.memory_rules import (
    MEGABYTE,
    may_map,
    may_stand_out,
    to_relieve,
    too_much_stays,
    took_the_last,
)
from backend.agents.process_memory import (
    give_back,
    held_bytes,
    limit_mapped,
    mapped_bytes,
    unlimit_mapped,
)
from backend.agents.threads import measured_threads, thread_works
from backend.telemetry.logging import get_logger
from backend.worker.interrupting import interrupt_stopped
from backend.worker.memory_room import MemoryRoom, memory_room
from backend.worker.thread_memory import ThreadMemory

_log = get_logger("offstage.worker")
LOOK_EVERY_S = 0.25
# So often while it grows fast.
_LOOK_SOON_S = 0.02
_FAST_BYTES_PER_S = 64 * MEGABYTE
_MOMENT_S = 1.0
# Before what ended jobs have left counts as left for good.
_STAYS_FOR_S = 5.0
_AGENTS_NAMED = 3
# An agent that was broken off in its step may be cleaning up in it.
_GROWS_ON_BYTES = 16 * MEGABYTE
_TAKES_MORE_BYTES = 8 * MEGABYTE
# What catches all errors, or runs in native code, isn't stopped by one more.
_MOST_OFTEN_TOLD = 3


@dataclass(frozen=True)
class Ways:
    """Of a worker that ends for a fresh process to go on: once its jobs have had their grace time,
    or at once. Called on the worker's loop."""

    retire: Callable[[], None]
    retire_at_once: Callable[[], None]


class MemoryWatch:
    """One worker's."""

    def __init__(self, most_bytes: int, loop: asyncio.AbstractEventLoop, ways: Ways) -> None:
        self._most_bytes = most_bytes
        self._loop = loop
        self._ways = ways
        self._open = ExitStack()
        self._threads: ThreadMemory
        self._thread_id = 0
        self._given_bytes = 0
        self._began_at_bytes = 0
        self._seen = 0, 0.0
        self._fast_until = 0.0
        self._too_much_since: float | None = None
        self._gave_back = False
        self._retired = False
        self._broken_off: tuple[MemoryAccount, int] | None = None

    def __enter__(self) -> MemoryWatch:
        """On the thread of the worker's loop."""
        room = memory_room()
        self._thread_id = threading.get_ident()
        self._given_bytes = room.given_bytes if room else 0
        self._began_at_bytes = held_bytes()
        self._seen = self._began_at_bytes, time.monotonic()
        self._open.callback(unlimit_mapped)
        self._limit_mapped(self._began_at_bytes)
        self._open.enter_context(measured_threads(self._loop))
        self._threads = ThreadMemory()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    async def look(self) -> None:
        """Do what is due. Does nothing where it isn't known what a process holds."""
        while self._grows_fast():
            self._look()
            await asyncio.sleep(_LOOK_SOON_S)
        self._look()

    def _grows_fast(self) -> bool:
        """Whether it does or did a moment ago: large pieces come one by one."""
        (former, then), (held, now) = self._seen, (held_bytes(), time.monotonic())
        self._seen = held, now
        if held - former > _FAST_BYTES_PER_S * (now - then):
            self._fast_until = now + _MOMENT_S
        return now < self._fast_until

    def _look(self) -> None:
        held = held_bytes()
        if not held or not self._given_bytes:
            return
        self._limit_mapped(held)
        self._watch_threads()
        running = ledger.running
        self._break_off(running)
        self._relieve(running)
        self._make_way()

    def _limit_mapped(self, held: int) -> None:
        """So that one allocation of everything raises MemoryError where it is asked for."""
        if self._given_bytes:
            limit_mapped(may_map(mapped_bytes(), held, self._most_bytes, self._given_bytes))

    def _watch_threads(self) -> None:
        took = self._threads.put_down()
        for account in ledger.running:
            taken = took.get(account, 0)
            if account.stopped:
                self._stop_threads(account, taken)
            elif taken and account.stop_if_over():
                self._loop.call_soon_threadsafe(account.tell_once)
                self._stop_threads(account, taken)
            if account.over and not account.threads:
                self._loop.call_soon_threadsafe(ledger.close, account)

    def _stop_threads(self, account: MemoryAccount, taken: int) -> None:
        """Those that took much of what it was stopped for, and again whenever they take more."""
        told = thread_works.told(account)
        if taken < _TAKES_MORE_BYTES if told else not account.took_much_in_threads:
            return
        # Before its run has ended, it would be handed back with the others, to do it again.
        if told >= _MOST_OFTEN_TOLD and account.over:
            self._make_way_at_once(account)
        else:
            thread_works.stop(account)

    def _make_way_at_once(self, account: MemoryAccount) -> None:
        if not self._retired:
            self._retired = True
            _log.error(
                "a thread can't be stopped from taking memory: this worker makes way for a fresh "
                "one at once",
                agent=account.agent,
                why=account.stopped,
            )
            self._loop.call_soon_threadsafe(self._ways.retire_at_once)

    def _break_off(self, running: list[MemoryAccount]) -> None:
        account = next((each for each in running if each.in_step), None)
        if account is None:
            self._broken_off = None
        elif account.stopped or account.stop_if_over():
            self._interrupt(account)

    def _interrupt(self, account: MemoryAccount) -> None:
        """Again only if it grows on: it may have caught what was raised in it."""
        held = held_bytes()
        if self._broken_off is not None:
            before, held_then = self._broken_off
            if before is account and held < held_then + _GROWS_ON_BYTES:
                return
        self._broken_off = (account, held)
        interrupt_stopped(self._thread_id)

    def _relieve(self, running: list[MemoryAccount]) -> None:
        # One that was stopped is about to let go of what it holds.
        if any(account.stopped for account in running) or self._to_relieve(running) is None:
            return
        give_back()
        blamed = self._to_relieve(running)
        if blamed is not None:
            account, why = blamed
            self._stop(account, why)

    def _to_relieve(self, running: list[MemoryAccount]) -> tuple[MemoryAccount, str] | None:
        held = held_bytes()
        grown = [account.bytes_of(held) for account in running]
        if not any(map(may_stand_out, grown)):
            return None
        room = memory_room() or MemoryRoom(self._given_bytes)
        taken = max(held, room.taken_bytes)
        index = to_relieve(grown, held - self._began_at_bytes, taken, room.given_bytes)
        if index is None:
            return None
        why = took_the_last(running[index].agent, grown[index], room.given_bytes)
        return running[index], why

    def _stop(self, account: MemoryAccount, why: str) -> None:
        account.stopped = why
        self._loop.call_soon_threadsafe(account.tell_once)
        self._stop_threads(account, taken=0)
        if account.in_step:
            self._interrupt(account)

    def _make_way(self) -> None:
        if self._retired:
            return
        left = ledger.left(self._began_at_bytes)
        if not too_much_stays(int(sum(left.values())), self._most_bytes, self._given_bytes):
            self._too_much_since, self._gave_back = None, False
            return
        self._too_much_since = self._too_much_since or time.monotonic()
        if time.monotonic() < self._too_much_since + _STAYS_FOR_S:
            return
        if not self._gave_back:
            # Garbage that waits to be collected is none of it; the next look tells.
            give_back()
            self._gave_back = True
        else:
            self._retired = True
            left = {agent: size for agent, size in left.items() if size > MEGABYTE}
            most = sorted(left, key=left.__getitem__, reverse=True)[:_AGENTS_NAMED]
            _log.warning(
                "memory stays taken after its jobs ended: this worker makes way for a fresh one",
                held_mb=held_bytes() // MEGABYTE,
                left_mb={agent: int(left[agent]) // MEGABYTE for agent in most},
                cure="let these agents keep nothing in globals, or make them plain functions",
            )
            self._loop.call_soon_threadsafe(self._ways.retire)
