"""Puts down to each run what its threads have made the process grow.

What the process has grown outside of all steps, threads took. Linux doesn't say which of them took
how much, but how often each was given memory.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from backend.agents.memory_account import MemoryAccount, ledger
from backend.agents.memory_rules import MEGABYTE, grew_in_threads, shared_out
from backend.agents.process_memory import (
    MOST_BYTES_A_FAULT,
    faults_of,
    faults_of_all,
    held_bytes,
)
from backend.agents.threads import thread_works

# Below it waits for more: whatever else a worker does grows a little now and then.
_WORTH_PUTTING_DOWN_BYTES = 8 * MEGABYTE
# A step that ends while this looks would count twice, or not at all.
_NO_STEP_ENDED_BYTES = MEGABYTE


class ThreadMemory:
    """Make it on the thread of the worker's loop."""

    def __init__(self) -> None:
        self._loop_thread_id = threading.get_native_id()
        held = held_bytes()
        self._explained_bytes = held - ledger.stepped_by(held)
        self._faults = self._faults_of_others()

    def put_down(self) -> Mapping[MemoryAccount, int]:
        """How much the threads of each run took since the last time that anything was put down."""
        before = ledger.stepped_bytes
        held = held_bytes()
        grew = held - ledger.stepped_by(held) - self._explained_bytes
        ended = abs(ledger.stepped_bytes - before) > _NO_STEP_ENDED_BYTES
        if ended or abs(grew) < _WORTH_PUTTING_DOWN_BYTES:
            return {}
        self._explained_bytes += grew
        took = self._took(max(0, grew))
        for account, taken in took.items():
            account.in_threads_bytes += taken
            if account.over and account.took_much_in_threads:
                ledger.reopen(account)
        if grew < 0:
            _give_back(-grew)
        return took

    def _took(self, grew: int) -> dict[MemoryAccount, int]:
        former, self._faults = self._faults, self._faults_of_others()
        all_faults = self._faults - former
        return grew_in_threads(grew, thread_works.count_faults(), all_faults, MOST_BYTES_A_FAULT)

    def _faults_of_others(self) -> int:
        return faults_of_all() - faults_of(self._loop_thread_id)


def _give_back(freed: int) -> None:
    in_threads = {account: account.in_threads_bytes for account in ledger.running}
    for account, left in shared_out(in_threads, sum(in_threads.values()) - freed).items():
        account.in_threads_bytes = int(left)
