"""How much memory this process holds, as Linux counts it. Elsewhere it is 0 and nothing is done."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

_LINUX = sys.platform.startswith("linux")
_PAGE_BYTES = resource.getpagesize()
_STATM_BYTES = 128
_FAULTS_AFTER_NAME = 7  # proc(5): minflt
_HUGE_PAGE = Path("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size")


class _Statm:
    """`/proc/self/statm`, kept open: an agent's every step reads it twice."""

    def __init__(self) -> None:
        self.fd = -1

    def open(self) -> None:
        with suppress(OSError):
            self.fd = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)

    def open_anew(self) -> None:
        """In a fork, what was open tells of the parent."""
        if self.fd >= 0:
            os.close(self.fd)
            self.open()

    def read(self) -> list[bytes]:
        """`size resident shared text lib data dirty`, in pages."""
        return os.pread(self.fd, _STATM_BYTES, 0).split(b" ")


def _huge_page_bytes() -> int:
    try:
        return int(_HUGE_PAGE.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return _PAGE_BYTES


MOST_BYTES_A_FAULT = _huge_page_bytes()
_statm = _Statm()
if _LINUX:
    _statm.open()
    os.register_at_fork(after_in_child=_statm.open_anew)


def held_bytes() -> int:
    """What is in memory and this process's alone; files that are mapped don't count."""
    if _statm.fd < 0:
        return 0
    words = _statm.read()
    return (int(words[1]) - int(words[2])) * _PAGE_BYTES


def mapped_bytes() -> int:
    """What RLIMIT_DATA counts: memory that this process may write to, used or not."""
    if _statm.fd < 0:
        return 0
    return int(_statm.read()[5]) * _PAGE_BYTES


def faults() -> int:
    """How often the calling thread has touched memory that it had to be given."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt if _LINUX else 0


def faults_of_all() -> int:
    """The same of all threads that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt if _LINUX else 0


def faults_of(thread_id: int) -> int:
    """The same of any thread of this process, by its native id."""
    if not _LINUX:
        return 0
    stat = Path(f"/proc/self/task/{thread_id}/stat").read_text(encoding="utf-8")
    # The name, in parentheses, may hold anything.
    return int(stat.rpartition(")")[2].split()[_FAULTS_AFTER_NAME])


def collect_garbage() -> None:
    """Free what nobody holds any more; takes a while in a process that holds much."""
    gc.collect()


def give_back() -> None:
    """The same, and let the system have what the allocator keeps for later."""
    collect_garbage()
    if _LINUX:
        # Only glibc has it.
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)


def limit_mapped(most_bytes: int) -> None:
    """Let an allocation past it raise MemoryError, in this process and those it starts."""
    if _LINUX:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        soft = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def unlimit_mapped() -> None:
    """Take back what `limit_mapped` set, here or in the process that started this one."""
    if _LINUX:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
