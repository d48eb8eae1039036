"""Blocking work ends with the process that asked for it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend.agents.blocking import run_blocking
from backend.agents.parent_death import die_with
from tests.processes import wait_until_gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a death")


def tell_and_block(pipe: str) -> None:
    with Path(pipe).open("w") as told:
        told.write(f"{os.getpid()}\n")
    threading.Event().wait()


def test_a_call_does_not_outlive_a_killed_caller(tmp_path: Path) -> None:
    pipe = tmp_path / "pid"
    os.mkfifo(pipe)
    with subprocess.Popen([sys.executable, "-m", __name__, str(pipe)]) as caller:
        helper = int(pipe.read_text())
        caller.kill()
    wait_until_gone(helper)


def test_who_comes_too_late_to_see_its_parent_die_ends_as_well() -> None:
    other_pid = os.getpid() + 1
    ask = f"from {die_with.__module__} import die_with; die_with({other_pid}); print('lives')"
    ended = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")


if __name__ == "__main__":
    asyncio.run(run_blocking(tell_and_block, sys.argv[1]))
