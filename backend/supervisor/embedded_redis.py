"""A real Redis server as our own child: its data on disk, reachable by one user of this machine."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.errors import Misconfigured
from backend.settings import redis_socket_path
from backend.supervisor.errors import ChildFailed
from backend.supervisor.redis_binary import RedisBinary, find_redis
from backend.supervisor.spawn import end, spawn

_START_TIMEOUT_S = 60.0  # a large append-only file is read back before the first answer
_POLL_INTERVAL_S = 0.01
_LAST_LOG_LINES = 8


class EmbeddedRedis:
    """Redis on a unix socket, with `<data_dir>/redis` as its data; no TCP port is opened.

    Every write is in the append-only file, flushed to disk once a second: a crash of the machine
    loses at most that second, a crash of Redis or of Offstage nothing.
    """

    name = "redis"

    def __init__(self, data_dir: Path) -> None:
        self.socket_path = redis_socket_path(data_dir)
        self.process: subprocess.Popen[bytes] | None = None
        self._data_dir = data_dir.absolute()
        self._folder = self._data_dir / "redis"
        self._log_file = self._folder / "redis.log"

    @property
    def url(self) -> str:
        return f"unix://{self.socket_path}"

    def start(self) -> subprocess.Popen[bytes]:
        """Returns when Redis answers.

        Raises `NoRedis` if there is none to start, `Misconfigured` if its folders can't be used,
        `ChildFailed` with Redis's own last words if it doesn't come up.
        """
        binary = find_redis()
        self._make_folders()
        self._refuse_newer_data(binary)
        if _answers(self.socket_path):
            raise ChildFailed(
                f"A Redis that this Offstage didn't start already answers at {self.socket_path}. "
                "Stop it first."
            )
        self.process = spawn([binary.path, *self._arguments()], cwd=self._folder)
        self._wait_until_it_answers(self.process)
        return self.process

    def stop(self, timeout_s: float = 10.0) -> None:
        """Lets Redis write out its data and end; kills it after `timeout_s`."""
        if self.process is not None:
            end(self.process, timeout_s)
            self.socket_path.unlink(missing_ok=True)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()

    def last_lines(self) -> list[str]:
        """The end of Redis's log."""
        try:
            return self._log_file.read_text(errors="replace").splitlines()[-_LAST_LOG_LINES:]
        except OSError:
            return []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _arguments(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket_path),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "logfile": str(self._log_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            # Any other policy drops accepted jobs without an error when memory runs out.
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _make_folders(self) -> None:
        socket_folder = self.socket_path.parent
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            if socket_folder != self._data_dir:
                socket_folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Misconfigured(
                f"{error.filename} can't be used for data: {error.strerror}. "
                "Choose another folder with OFFSTAGE_DATA_DIR or --data-dir."
            ) from error
        if socket_folder != self._data_dir:
            _refuse_foreign(socket_folder)

    def _refuse_newer_data(self, binary: RedisBinary) -> None:
        """Redis 6 doesn't see the folder that Redis 7 writes, and would start empty."""
        if binary.version < (7, 0) and (self._folder / "appendonlydir").exists():
            major, minor = binary.version
            raise Misconfigured(
                f"{self._folder} was written by Redis 7 or newer, and {binary.path} is "
                f"{major}.{minor}: it would start without the queued jobs. Install Redis 7, or "
                f"move {self._folder} away to start with none."
            )

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not _answers(self.socket_path):
            if process.poll() is not None:
                raise ChildFailed(self._with_log(f"Redis ended with code {process.returncode}."))
            if time.monotonic() > deadline:
                self.stop(timeout_s=1)
                raise ChildFailed(self._with_log(f"Redis took over {_START_TIMEOUT_S:.0f} s."))
            time.sleep(_POLL_INTERVAL_S)

    def _with_log(self, message: str) -> str:
        return "\n".join([f"{message} Its log, {self._log_file}, ends:", *self.last_lines()])


def _answers(socket_path: Path) -> bool:
    client = redis.Redis(
        unix_socket_path=str(socket_path), socket_timeout=1, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        return False
    finally:
        client.close()


def _refuse_foreign(folder: Path) -> None:
    """The temporary directory is everyone's: another user may have made the folder first."""
    status = folder.lstat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077 or folder.is_symlink():
        raise Misconfigured(
            f"{folder} should be a folder that only you can open, and isn't. Remove it, or choose "
            "a data directory with a shorter path."
        )
