"""`python -m backend.supervisor.workers`: `AGENT_WORKER_PROCESSES` worker processes.

`backend/worker/run.py` becomes this process where that is more than one: one to start, to signal
and to wait for, whatever the number. A worker that dies is started again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from backend.settings import get_settings
from backend.supervisor.errors import ChildFailed
from backend.supervisor.processes import Supervisor
from backend.supervisor.spawn import spawn

_COMMAND = (sys.executable, "-m", "backend.worker.run")


class WorkerProcess:
    """One of them. It writes where this process writes."""

    def __init__(self, name: str, command: Sequence[str] = _COMMAND) -> None:
        self.name = name
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        self._process = spawn(self._command, env={**os.environ, "AGENT_WORKER_PROCESSES": "1"})
        return self._process

    def ask_to_stop(self) -> None:
        """The first time: finish what runs and leave; the second: hand it back at once."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """Waits for the end that was asked for: it takes as long as `AGENT_SHUTDOWN_GRACE` says."""
        if self._process is not None:
            self._process.wait()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def last_lines(self) -> list[str]:
        return ["(see above)"]


def keep_up(workers: Sequence[WorkerProcess]) -> None:
    """Run `workers` until a signal; all of them stop at the same time, and a second signal hurries
    them. Raises ChildFailed when one can't be kept up."""

    def ask_all() -> None:
        for worker in workers:
            worker.ask_to_stop()

    supervisor = Supervisor(workers)
    supervisor.handle_signals(again=ask_all)
    try:
        supervisor.start()
        supervisor.run()
    finally:
        ask_all()
        supervisor.stop()


def main() -> int:
    number = get_settings().agent_worker_processes
    try:
        keep_up([WorkerProcess(f"worker {n}") for n in range(1, number + 1)])
    except ChildFailed as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
