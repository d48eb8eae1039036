"""Waits for processes to end, also those that are not our children."""

from __future__ import annotations

import os
import select


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
