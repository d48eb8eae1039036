"""Children are kept up, stopped in order, and given up on when nothing helps."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.supervisor.child_process import ChildProcess
from backend.supervisor.errors import ChildFailed
from backend.supervisor.processes import Supervisor
from backend.supervisor.restarts import RestartPolicy
from tests.processes import wait_until_gone

EAGER = RestartPolicy(first_delay_s=0.01, failures_in_a_row=3)

# Says so when it starts and when it is asked to end; takes its time if told to.
OBEDIENT = """
import os, signal, sys, time
def leave(*_):
    os.write(1, b"leaving\\n")
    time.sleep(float(sys.argv[1]))
    sys.exit()
signal.signal(signal.SIGTERM, leave)
os.write(1, b"up\\n")
signal.pause()
"""


class Lines(list[str]):
    """What the children wrote; `when(line, do)` reacts to a line as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self._reactions: dict[str, Callable[[], None]] = {}

    def when(self, line: str, do: Callable[[], None]) -> None:
        self._reactions[line] = do

    def write(self, line: str) -> None:
        self.append(line)
        if reaction := self._reactions.pop(line, None):
            reaction()


@pytest.fixture
def lines() -> Lines:
    return Lines()


def python_child(name: str, code: str, lines: Lines, *arguments: str) -> ChildProcess:
    return ChildProcess(
        name,
        [sys.executable, "-c", code, *arguments],
        env=dict(os.environ),
        write_line=lines.write,
        stop_timeout_s=5,
    )


def test_the_last_started_child_ends_first(lines: Lines) -> None:
    children = [python_child(name, OBEDIENT, lines, "0") for name in ("first", "second")]
    supervisor = Supervisor(children)
    for child in children:
        lines.when(f"{child.name:<6} | up", supervisor.ask_to_stop)
    supervisor.start()
    supervisor.run()
    supervisor.step(5)
    supervisor.stop()
    for child in children:
        child.last_lines()
    left = [line.split()[0] for line in lines if line.endswith("leaving")]
    assert left == ["second", "first"]


def test_a_child_that_crashes_is_started_again(lines: Lines, tmp_path: Path) -> None:
    crash_once = """
import os, pathlib, signal, sys
mark = pathlib.Path(sys.argv[1])
if not mark.exists():
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
print("up", flush=True)
signal.pause()
"""
    supervisor = Supervisor([python_child("worker", crash_once, lines, str(tmp_path / "m"))], EAGER)
    lines.when("worker | up", supervisor.ask_to_stop)
    supervisor.start()
    supervisor.run()
    supervisor.stop()
    assert "worker | up" in lines


def test_a_child_that_can_not_be_kept_up_is_given_up_with_its_last_words(lines: Lines) -> None:
    code = "import sys; print('no database'); sys.exit(3)"
    supervisor = Supervisor([python_child("worker", code, lines)], EAGER)
    supervisor.start()
    with pytest.raises(ChildFailed) as caught:
        supervisor.run()
    supervisor.stop()
    assert "The worker process keeps ending" in caught.value.message
    assert "exit code 3" in caught.value.message
    assert caught.value.message.endswith("no database")
    assert lines.count("worker | no database") == EAGER.failures_in_a_row


def test_ctrl_c_asks_and_a_second_one_kills(lines: Lines) -> None:
    child = python_child("slow", OBEDIENT, lines, "60")
    supervisor = Supervisor([child])
    handler_before = signal.getsignal(signal.SIGINT)
    supervisor.handle_signals()
    press_ctrl_c = _presser(signal.SIGINT)
    lines.when("slow   | up", press_ctrl_c)
    lines.when("slow   | leaving", press_ctrl_c)
    supervisor.start()
    supervisor.run()
    supervisor.stop()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL
    assert signal.getsignal(signal.SIGINT) is handler_before
    wait_until_gone(child.process.pid)


def _presser(number: signal.Signals) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)
