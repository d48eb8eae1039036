"""All of Offstage on one machine: up, found again, restarted, refused twice, and wholly gone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import httpx2
import pytest

from backend.settings import Settings
from backend.supervisor.data_dir import find_running
from backend.supervisor.errors import AlreadyRunning, PortTaken
from backend.supervisor.spawn import spawn
from backend.supervisor.stack import Stack
from tests.paths import ROOT
from tests.processes import descendants, wait_until_gone

PARENT = """
import sys
from pathlib import Path
from backend.supervisor.stack import Stack
stack = Stack(Path(sys.argv[1]), "127.0.0.1", 0)
stack.start(handle_signals=True)
print("ready", stack.url, flush=True)
try:
    stack.run_until_stopped()
finally:
    stack.stop()
print("stopped", flush=True)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="offstage-") as folder:
        yield Path(folder)


@pytest.fixture
def start_parent(data_dir: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a process that runs the stack, on a machine where nothing is configured."""
    parents: list[subprocess.Popen[bytes]] = []
    env = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", PARENT, str(data_dir)]
        parent = spawn(command, stdout=subprocess.PIPE, cwd=ROOT, env=env)
        parents.append(parent)
        return parent

    yield start
    for parent in parents:
        parent.kill()
        parent.communicate()


def test_it_comes_up_and_ctrl_c_stops_all_of_it(
    data_dir: Path, start_parent: Callable[[], subprocess.Popen[bytes]]
) -> None:
    parent = start_parent()
    url = _url_when_ready(parent)
    assert httpx2.get(f"{url}/readyz").status_code == 200
    running = find_running(data_dir)
    assert running is not None
    assert (running.pid, running.url) == (parent.pid, url)
    children = descendants(parent.pid)
    assert len(children) >= 3, children

    parent.send_signal(signal.SIGINT)
    assert parent.communicate(timeout=20)[0].endswith(b"stopped\n")
    assert parent.returncode == 0
    for pid in children:
        wait_until_gone(pid)
    assert not (data_dir / "running.json").exists()


def test_kill_9_leaves_nothing_and_the_next_start_finds_the_data(
    data_dir: Path, start_parent: Callable[[], subprocess.Popen[bytes]]
) -> None:
    parent = start_parent()
    made = httpx2.post(f"{_url_when_ready(parent)}/sessions", json={"title": "Лекция"})
    assert made.status_code == 201
    children = descendants(parent.pid)
    parent.kill()
    for pid in children:
        wait_until_gone(pid)

    found = httpx2.get(f"{_url_when_ready(start_parent())}/sessions/{made.json()['id']}")
    assert found.json()["title"] == "Лекция"


def test_a_killed_worker_and_api_come_back(
    start_parent: Callable[[], subprocess.Popen[bytes]],
) -> None:
    parent = start_parent()
    url = _url_when_ready(parent)
    for pid in descendants(parent.pid):
        if "redis" not in Path(f"/proc/{pid}/comm").read_text():
            os.kill(pid, signal.SIGKILL)
            wait_until_gone(pid)
    # Connections wait in the listening socket while the API restarts.
    assert httpx2.get(f"{url}/healthz", timeout=20).status_code == 200
    assert _line_with(parent.stdout, "worker ready")


def test_a_second_one_is_refused_with_the_address_of_the_first(
    data_dir: Path, start_parent: Callable[[], subprocess.Popen[bytes]]
) -> None:
    parent = start_parent()
    url = _url_when_ready(parent)
    with pytest.raises(AlreadyRunning) as caught:
        Stack(data_dir, "127.0.0.1", 0, settings=Settings()).start()
    assert f"process {parent.pid}, {url}" in caught.value.message


def test_a_taken_port_leaves_nothing_behind(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port}"):
            Stack(data_dir, "127.0.0.1", port, settings=Settings()).start()
    assert [entry.name for entry in data_dir.iterdir()] == ["offstage.lock"]
    assert find_running(data_dir) is None


def _url_when_ready(parent: subprocess.Popen[bytes]) -> str:
    return _line_with(parent.stdout, "ready http").split()[1]


def _line_with(output: IO[bytes] | None, part: str) -> str:
    assert output is not None
    seen = []
    for raw in output:
        line = raw.decode()
        seen.append(line)
        if part in line:
            return line
    pytest.fail(f"no line with {part!r} in:\n{''.join(seen)}")
