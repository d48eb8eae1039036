"""Finds processes and waits for them to end, also those that are not our children."""

from __future__ import annotations

import os
import select
from pathlib import Path


def wait_until_gone(pid: int, timeout_s: float = 5.0) -> None:
    """Returns when the process has ended. Linux."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        gone, _, _ = select.select([descriptor], [], [], timeout_s)
        assert gone, f"process {pid} still runs after {timeout_s} s"
    finally:
        os.close(descriptor)


def is_running(pid: int) -> bool:
    descriptor = os.pidfd_open(pid)
    try:
        return not select.select([descriptor], [], [], 0)[0]
    finally:
        os.close(descriptor)


def descendants(pid: int) -> list[int]:
    """Linux; the children of every thread, since a thread of its own starts ours."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    return [*children, *(grandchild for child in children for grandchild in descendants(child))]
