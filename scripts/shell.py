"""What the set-up steps share: where the checkout is, how to run a command and how to give up."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"


def say(message: str) -> None:
    print(f"setup: {message}", flush=True)


def give_up(message: str) -> NoReturn:
    sys.exit(f"setup: {message}")


def run(
    command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> None:
    """Runs `command` to its end; a failure ends the set-up with the command's own output above."""
    words = [str(word) for word in command]
    code = subprocess.run(words, cwd=cwd, env=env, check=False).returncode
    if code != 0:
        give_up(f"this failed with exit code {code}: {shlex.join(words)}")
