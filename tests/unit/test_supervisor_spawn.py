"""A spawned child never outlives the process that ordered it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend.supervisor import tether
from backend.supervisor.spawn import end, spawn
from tests.processes import is_running, wait_until_gone

# Both spawn a process that would run for a minute and print its pid.
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = f"""
import time
from backend.supervisor.spawn import spawn
print(spawn({SLEEPER!r}).pid, flush=True)
time.sleep(60)
"""
PARENT_WITH_PIPE = f"""
import os, subprocess, sys, time
reading, _writing = os.pipe()
tether = [sys.executable, "-I", "-S", {tether.__file__!r}, f"pipe:{{reading}}"]
sleeper = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
subprocess.Popen(tether + sleeper, pass_fds=[reading])
time.sleep(60)
"""


@pytest.mark.parametrize("script", [PARENT, PARENT_WITH_PIPE], ids=["kernel", "pipe"])
def test_a_killed_parent_leaves_no_child(script: str) -> None:
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child_pid = int(parent.stdout.readline())
        assert is_running(child_pid)
        parent.kill()
        wait_until_gone(child_pid)


def test_a_child_outlives_the_thread_that_ordered_it() -> None:
    started: list[subprocess.Popen[bytes]] = []
    thread = threading.Thread(target=lambda: started.append(spawn(SLEEPER)))
    thread.start()
    thread.join()
    child = started[0]
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(timeout=0.3)
    assert end(child, timeout_s=5)


def test_a_child_that_finds_its_parent_gone_ends_at_once() -> None:
    command = [sys.executable, tether.__file__, "pid:1", *SLEEPER]
    assert subprocess.run(command, check=False, timeout=10).returncode == -signal.SIGKILL


def test_a_command_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with (tmp_path / "errors").open("wb") as errors:
        child = spawn([tmp_path / "nowhere"], stderr=errors)
    assert child.wait(timeout=10) == 127
    assert "nowhere: No such file" in (tmp_path / "errors").read_text()


def test_a_child_that_ignores_the_request_to_end_is_killed() -> None:
    reading, writing = os.pipe()
    stubborn = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "os.write(1, b'.'); time.sleep(60)"
    )
    child = spawn([sys.executable, "-c", stubborn], stdout=writing)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    assert not end(child, timeout_s=0.2)
    assert child.returncode == -signal.SIGKILL


def test_the_pipe_tether_hands_signals_and_the_exit_code_on() -> None:
    reading, writing = os.pipe()
    wants_term = (
        "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7));"
        "print('ready', flush=True); signal.pause()"
    )
    command = [sys.executable, tether.__file__, f"pipe:{reading}", sys.executable, "-c", wants_term]
    with subprocess.Popen(command, pass_fds=[reading], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.terminate()
        assert child.wait(timeout=10) == 7
    os.close(reading)
    os.close(writing)
