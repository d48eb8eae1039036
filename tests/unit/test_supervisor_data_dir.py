"""One Offstage per data directory."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from backend.errors import Misconfigured
from backend.supervisor.data_dir import DataDir, find_running
from backend.supervisor.errors import AlreadyRunning

HOLDER = """
import sys, time
from pathlib import Path
from backend.supervisor.data_dir import DataDir
held = DataDir(Path(sys.argv[1]))
held.acquire()
held.announce("http://127.0.0.1:1234")
print("held", flush=True)
time.sleep(60)
"""


def test_a_running_offstage_can_be_found_until_it_ends(tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path / "new" / "folder")
    data_dir.acquire()
    assert stat.S_IMODE(data_dir.path.stat().st_mode) == 0o700
    assert find_running(data_dir.path) is None
    data_dir.announce("http://127.0.0.1:1234")
    running = find_running(data_dir.path)
    assert running is not None
    assert (running.pid, running.url) == (os.getpid(), "http://127.0.0.1:1234")
    data_dir.release()
    assert find_running(data_dir.path) is None


def test_a_second_one_is_told_who_runs_and_a_killed_one_does_not_count(tmp_path: Path) -> None:
    holder = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(holder, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(AlreadyRunning) as caught:
            DataDir(tmp_path).acquire()
        assert f"process {process.pid}, http://127.0.0.1:1234" in caught.value.message
        process.kill()
        process.wait()
    assert find_running(tmp_path) is None
    again = DataDir(tmp_path)
    again.acquire()
    again.release()


def test_looking_for_a_running_one_makes_no_folder(tmp_path: Path) -> None:
    assert find_running(tmp_path / "nothing") is None
    assert not (tmp_path / "nothing").exists()


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="file/data"):
        DataDir(tmp_path / "file" / "data").acquire()
