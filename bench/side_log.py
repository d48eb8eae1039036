"""What the drill agent really did, written straight to a file: beside Redis and SQL, which are
what is drilled. One line per fact; a line is one write, so that a kill leaves whole lines."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

VARIABLE = "OFFSTAGE_SIDE_LOG"

What = Literal["started", "step", "kept", "ended"]


@dataclass(frozen=True)
class Fact:
    """`step`: the step's work ran; `kept`: its result was kept. `at` is epoch seconds."""

    what: What
    job_id: str
    step: int
    attempt: int
    pid: int
    at: float


def write(what: What, job_id: str, attempt: int, step: int = -1) -> None:
    """Note a fact, if a drill is on."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    fact = Fact(what, job_id, step, attempt, os.getpid(), time.time())
    line = json.dumps(asdict(fact)).encode() + b"\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def read(path: Path) -> list[Fact]:
    """All facts, in the order they were written."""
    if not path.exists():
        return []
    return [Fact(**json.loads(line)) for line in path.read_text().splitlines()]
