"""Starts a command that can't outlive the process that ordered it, not even after a `kill -9`.

Run as a script, before the command, by `spawn.py`:

    tether.py pid:PARENT COMMAND…   Linux: the kernel kills the command when its parent dies
    tether.py pipe:FD COMMAND…      elsewhere: this process stays and watches a pipe, which closes
                                    when the parent dies

Standard library only, and few modules of it: it delays the start of every child.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_COMMAND_NOT_FOUND = 127  # what a shell answers


def main(arguments: Sequence[str]) -> int:
    kind, _, number = arguments[0].partition(":")
    command = list(arguments[1:])
    # Python ignores SIGPIPE, and an ignored signal stays ignored in what is started.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if kind == "pipe":
        return _run_until_closed(int(number), command)
    if sys.platform == "linux":
        die_with_parent(int(number))
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return _COMMAND_NOT_FOUND


def die_with_parent(parent_pid: int) -> None:
    """Linux: asks the kernel to kill this process, also past an exec, when its parent dies.

    The kernel means the parent's *thread* that started this process.
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent_pid:
        # It died before the request was made, so no signal will come.
        os.kill(os.getpid(), signal.SIGKILL)


def _run_until_closed(pipe_fd: int, command: Sequence[str]) -> int:
    import subprocess
    import threading

    child = subprocess.Popen(command)

    def forward(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    def kill_when_closed() -> None:
        os.read(pipe_fd, 1)
        child.kill()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, forward)
    threading.Thread(target=kill_when_closed, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
