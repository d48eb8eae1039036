"""A command run as a child, its output passed on line by line under its name."""

from __future__ import annotations

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from backend.supervisor.spawn import end, spawn

_LAST_LINES = 12


class ChildProcess:
    """`write_line` gets each line of output as `name | line`, from a thread of its own."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        write_line: Callable[[str], None],
        stop_timeout_s: float,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self._command = command
        self._env = env
        self._write_line = write_line
        self._stop_timeout_s = stop_timeout_s
        self._pass_fds = pass_fds
        self._pump: threading.Thread | None = None
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)

    def start(self) -> subprocess.Popen[bytes]:
        self._lines.clear()
        self.process = spawn(
            self._command,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=self._pass_fds,
        )
        self._pump = threading.Thread(
            target=self._pass_on, args=(self.process.stdout,), name=f"{self.name} log", daemon=True
        )
        self._pump.start()
        return self.process

    def stop(self) -> None:
        """Asks the child to end; kills it when its time is over."""
        if self.process is not None and not end(self.process, self._stop_timeout_s):
            self._write(f"did not end within {self._stop_timeout_s:.0f} s and was killed")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()

    def last_lines(self) -> list[str]:
        """The end of what the child wrote; call it after the child ended."""
        if self._pump is not None:
            # A grandchild may hold the pipe open for longer than the child lived.
            self._pump.join(timeout=1)
        return list(self._lines)

    def _pass_on(self, output: IO[bytes]) -> None:
        with output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip()
                self._lines.append(line)
                self._write(line)

    def _write(self, line: str) -> None:
        self._write_line(f"{self.name:<6} | {line}")
