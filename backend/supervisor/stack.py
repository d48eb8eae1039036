"""All of Offstage on one machine: Redis if none is named, one worker and the API."""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from backend.settings import Settings, get_settings
from backend.supervisor.child_process import ChildProcess
from backend.supervisor.data_dir import DataDir
from backend.supervisor.embedded_redis import EmbeddedRedis
from backend.supervisor.errors import ChildFailed
from backend.supervisor.listener import listen, url_of
from backend.supervisor.processes import Child, Supervisor

_READY_TIMEOUT_S = 60.0
_READY_POLL_S = 0.05
_READY_REQUEST_TIMEOUT_S = 1.0
_API_STOP_TIMEOUT_S = 10.0
_API_DRAIN_S = 3  # open event streams are cut after this, their readers reconnect
_WORKER_STOP_MARGIN_S = 5.0


class Stack:
    """`start` returns when the API says it is ready; then `run_until_stopped`, then `stop`.

    Also a context manager that starts and stops. Use from the main thread. `write_line` gets the
    children's output, a line at a time. One that isn't `announced` isn't found by others.
    """

    def __init__(
        self,
        data_dir: Path,
        host: str,
        port: int,
        *,
        settings: Settings | None = None,
        write_line: Callable[[str], None] | None = None,
        announced: bool = True,
    ) -> None:
        chosen = {
            "offstage_data_dir": data_dir.absolute(),
            "offstage_host": host,
            "offstage_port": port,
        }
        self._settings = (settings or get_settings()).model_copy(update=chosen)
        self._write_line = write_line or _print_line
        self._announced = announced
        self._cleanup = ExitStack()
        self._supervisor: Supervisor | None = None
        self.url = ""

    def start(self, *, handle_signals: bool = False) -> bool:
        """False if a signal asked to stop before everything was up; `stop` is due all the same.

        Raises `AlreadyRunning`, `PortTaken`, `NoRedis`, `Misconfigured` or `ChildFailed`.

        After an error nothing is left running. With `handle_signals`, Ctrl-C and SIGTERM end
        `start` and `run_until_stopped` instead of this process.
        """
        with ExitStack() as undo_on_error:
            undo_on_error.callback(self.stop)
            ready = self._start(handle_signals=handle_signals)
            undo_on_error.pop_all()
            return ready

    def run_until_stopped(self) -> None:
        """Keeps everything up until a signal. Raises `ChildFailed` when a part can't be kept up."""
        if self._supervisor is not None:
            self._supervisor.run()

    def stop(self) -> None:
        """API first, so that nothing new comes in, then the worker, then Redis."""
        self._cleanup.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _start(self, *, handle_signals: bool) -> bool:
        data_dir = DataDir(self._settings.offstage_data_dir)
        data_dir.acquire()
        self._cleanup.callback(data_dir.release)
        listener = self._cleanup.enter_context(
            listen(self._settings.offstage_host, self._settings.offstage_port)
        )
        self.url = url_of(listener)
        supervisor = self._supervisor = Supervisor(self._children(listener.fileno()))
        if handle_signals:
            supervisor.handle_signals()
        self._cleanup.callback(supervisor.stop)
        supervisor.start()
        if not self._wait_until_ready(supervisor):
            return False
        if self._announced:
            data_dir.announce(self.url)
        return True

    def _children(self, listener_fd: int) -> list[Child]:
        env = self._child_env()
        worker = ChildProcess(
            "worker",
            [sys.executable, "-m", "backend.worker.run"],
            env=env,
            write_line=self._write_line,
            stop_timeout_s=self._settings.agent_shutdown_grace + _WORKER_STOP_MARGIN_S,
        )
        api = ChildProcess(
            "api",
            [*_API_COMMAND, "--fd", str(listener_fd)],
            env=env,
            write_line=self._write_line,
            stop_timeout_s=_API_STOP_TIMEOUT_S,
            pass_fds=[listener_fd],
        )
        if self._settings.redis_url is not None:
            return [worker, api]
        return [EmbeddedRedis(self._settings.offstage_data_dir), worker, api]

    def _child_env(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "REDIS_URL": self._settings.redis_dsn(),
            "DATABASE_URL": self._settings.database_dsn(),
            "AGENTS_DEFAULT_MODEL": self._settings.agents_default_model,
            "OFFSTAGE_DATA_DIR": str(self._settings.offstage_data_dir),
            "AUTH_MODE": self._settings.auth_mode,
            "OFFSTAGE_HOST": self._settings.offstage_host,
            "OFFSTAGE_PORT": str(urlsplit(self.url).port),
        }

    def _wait_until_ready(self, supervisor: Supervisor) -> bool:
        deadline = time.monotonic() + _READY_TIMEOUT_S
        while not supervisor.stop_asked:
            answer = _readiness(self.url, self._host_header())
            if answer.ready:
                return True
            if time.monotonic() > deadline:
                raise ChildFailed(
                    f"Offstage didn't get ready within {_READY_TIMEOUT_S:.0f} s. "
                    f"/readyz last answered: {answer.detail}"
                )
            supervisor.step(_READY_POLL_S)
        return False

    def _host_header(self) -> str:
        """A name the API answers to: behind a proxy that need not be its own address."""
        names = self._settings.offstage_allowed_hosts.replace(",", " ").split()
        return names[0] if names else urlsplit(self.url).netloc


_API_COMMAND = [
    *(sys.executable, "-m", "uvicorn", "backend.api.app:create_served_app", "--factory"),
    *("--timeout-graceful-shutdown", str(_API_DRAIN_S)),
    *("--log-level", "warning", "--no-access-log"),
]


class _Readiness:
    def __init__(self, ready: bool, detail: str) -> None:
        self.ready = ready
        self.detail = detail


def _readiness(url: str, host_header: str) -> _Readiness:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(
        address.hostname or "", address.port, timeout=_READY_REQUEST_TIMEOUT_S
    )
    try:
        connection.request("GET", "/readyz", headers={"Host": host_header})
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        return _Readiness(response.status == http.client.OK, f"{response.status} {body}")
    except (OSError, http.client.HTTPException) as error:
        return _Readiness(False, str(error) or type(error).__name__)
    finally:
        connection.close()


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
