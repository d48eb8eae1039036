"""Starts child processes that end when this process does, however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import IO

_TETHER = Path(__file__).with_name("tether.py")

_Output = int | IO[bytes] | None


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: _Output = None,
    stderr: _Output = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Starts `command`, tethered to this process.

    It gets a session of its own: Ctrl-C in the terminal reaches this process only, which decides
    in which order its children stop.
    """
    if sys.platform == "linux":
        tether, kept_fds = f"pid:{os.getpid()}", tuple(pass_fds)
    else:
        fd = _lifeline()
        tether, kept_fds = f"pipe:{fd}", (fd, *pass_fds)
    words = [sys.executable, "-I", "-S", str(_TETHER), tether, *(str(word) for word in command)]
    return _spawner().run(
        partial(
            subprocess.Popen,
            words,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=kept_fds,
            start_new_session=True,
        )
    )


def end(process: subprocess.Popen[bytes], timeout_s: float) -> bool:
    """Asks `process` to end and waits; false if it took too long and had to be killed."""
    process.terminate()
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


class _Spawner:
    """One thread that starts every child and lives as long as the process.

    On Linux a tethered child dies with the *thread* that started it, and callers' threads end.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._orders: SimpleQueue[
            tuple[partial[subprocess.Popen[bytes]], Future[subprocess.Popen[bytes]]]
        ] = SimpleQueue()
        threading.Thread(target=self._serve, name="spawner", daemon=True).start()

    def run(self, start: partial[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        started: Future[subprocess.Popen[bytes]] = Future()
        self._orders.put((start, started))
        return started.result()

    def _serve(self) -> None:
        while True:
            start, started = self._orders.get()
            try:
                started.set_result(start())
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                started.set_exception(error)


_lock = threading.Lock()
_shared: dict[str, _Spawner] = {}
_lifelines: dict[int, tuple[int, int]] = {}


def _spawner() -> _Spawner:
    with _lock:
        spawner = _shared.get("spawner")
        if spawner is None or spawner.pid != os.getpid():
            # A fork takes no threads along.
            spawner = _shared["spawner"] = _Spawner()
        return spawner


def _lifeline() -> int:
    """The reading end of a pipe whose writing end this process alone holds until it dies."""
    with _lock:
        if os.getpid() not in _lifelines:
            _lifelines[os.getpid()] = os.pipe()
        return _lifelines[os.getpid()][0]
