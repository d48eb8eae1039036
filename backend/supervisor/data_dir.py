"""One Offstage per data directory: the lock that holds this, and the note of who holds it."""

from __future__ import annotations

import fcntl
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ValidationError

from backend.errors import Misconfigured
from backend.supervisor.errors import AlreadyRunning

# `find_running` takes the lock for an instant, to see whether it is held.
_LOCK_PATIENCE_S = 0.5
_LOCK_POLL_S = 0.02


class Running(BaseModel):
    """A running Offstage, as `<data_dir>/running.json` tells of it."""

    pid: int
    url: str
    started_at: datetime


class DataDir:
    """A data directory, held by this process from `acquire` to `release`.

    The lock is the kernel's: it goes with the process, so a killed Offstage leaves no stale one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    def acquire(self) -> None:
        """Raises `AlreadyRunning` with its pid and address, or `Misconfigured`."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = _lock_file(self.path).open("a")
        except OSError as error:
            raise Misconfigured(
                f"{error.filename} can't be used for data: {error.strerror}. "
                "Choose another folder with OFFSTAGE_DATA_DIR or --data-dir."
            ) from error
        deadline = time.monotonic() + _LOCK_PATIENCE_S
        while not _try_lock(lock, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                lock.close()
                raise AlreadyRunning(self._who_runs())
            time.sleep(_LOCK_POLL_S)
        self._lock = lock

    def announce(self, url: str) -> None:
        """Tells other processes of this user where Offstage can be reached."""
        running = Running(pid=os.getpid(), url=url, started_at=datetime.now(UTC))
        note = _note_file(self.path)
        unfinished = note.with_suffix(".tmp")
        unfinished.write_text(running.model_dump_json(indent=2))
        unfinished.replace(note)

    def release(self) -> None:
        if self._lock is not None:
            _note_file(self.path).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _who_runs(self) -> str:
        running = _read_note(self.path)
        if running is None:
            return f"Another Offstage is starting on {self.path}. Wait for it, or stop it."
        return (
            f"Offstage already runs on {self.path}: process {running.pid}, {running.url}. "
            f"Use that one, stop it (kill {running.pid}), or choose another --data-dir."
        )


def find_running(data_dir: Path) -> Running | None:
    """The Offstage that runs on `data_dir` now, if one does and is ready."""
    running = _read_note(data_dir)
    if running is None:
        return None
    with _lock_file(data_dir).open("a") as lock:
        left_behind = _try_lock(lock, fcntl.LOCK_SH)
    return None if left_behind else running


def _lock_file(data_dir: Path) -> Path:
    return data_dir / "offstage.lock"


def _note_file(data_dir: Path) -> Path:
    return data_dir / "running.json"


def _try_lock(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_note(data_dir: Path) -> Running | None:
    try:
        return Running.model_validate_json(_note_file(data_dir).read_bytes())
    except (OSError, ValidationError):
        return None
