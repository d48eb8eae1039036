"""The `offstage` command as a person starts it: a process of its own on a bare machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from backend.supervisor.spawn import spawn
from tests.paths import ROOT

TIMEOUT_S = 50


def bare_environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Nothing that a developer's shell may have set for Offstage."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "OFFSTAGE_DATA_DIR": str(data_dir), **more}


def offstage(
    data_dir: Path, *arguments: str | Path, stdin: bytes = b"", **env: str
) -> subprocess.CompletedProcess[bytes]:
    """Runs it to its end."""
    return subprocess.run(
        _words(*arguments),
        input=stdin,
        capture_output=True,
        cwd=data_dir.parent,
        env=bare_environment(data_dir, **env),
        timeout=TIMEOUT_S,
        check=False,
    )


def start_offstage(data_dir: Path, *arguments: str | Path, **env: str) -> subprocess.Popen[bytes]:
    """Starts it; it dies with the test."""
    return spawn(
        _words(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=data_dir.parent,
        env=bare_environment(data_dir, **env),
    )


def _words(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "backend.cli", *map(str, arguments)]
