"""What `make setup` relies on: choosing a Python, and redoing a step only when it must be."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT

FIND_PYTHON = ROOT / "scripts" / "find_python.sh"


@pytest.fixture
def stamp(tmp_path: Path) -> Callable[[], Any]:
    kind = runpy.run_path(str(ROOT / "scripts" / "stamps.py"))["Stamp"]
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "a.txt").write_text("one")
    return lambda detail="": kind(tmp_path / "stamp", (sources, tmp_path / "lock"), detail)


def test_a_finished_step_is_not_done_again(stamp: Callable[[], Any]) -> None:
    assert not stamp().is_current()
    stamp().write()
    assert stamp().is_current()


@pytest.mark.parametrize("name", ["sources/a.txt", "sources/deep/new.txt", "lock"])
def test_a_step_is_done_again_when_its_inputs_change(
    stamp: Callable[[], Any], tmp_path: Path, name: str
) -> None:
    stamp().write()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("two")
    assert not stamp().is_current()


def test_a_step_that_broke_off_is_done_again(stamp: Callable[[], Any]) -> None:
    stamp().write()
    stamp().remove()
    assert not stamp().is_current()


def test_a_step_is_done_again_for_another_python(stamp: Callable[..., Any]) -> None:
    stamp("3.11").write()
    assert not stamp("3.12").is_current()


def test_the_first_python_that_fits_is_taken(tmp_path: Path) -> None:
    _fake_python(tmp_path, "python3", "(3, 9)")
    _fake_python(tmp_path, "python3.13", "(3, 13)")
    assert _find_python(tmp_path).stdout == "python3.13\n"
    _fake_python(tmp_path, "python3.12", "(3, 12)")
    assert _find_python(tmp_path).stdout == "python3.12\n"


def test_without_a_python_that_fits_it_says_what_to_do(tmp_path: Path) -> None:
    _fake_python(tmp_path, "python3", "(3, 9)")
    answer = _find_python(tmp_path)
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr


def test_a_named_python_that_is_too_old_is_refused(tmp_path: Path) -> None:
    old = _fake_python(tmp_path, "mine", "(3, 9)")
    answer = _find_python(tmp_path, PYTHON=str(old))
    assert answer.returncode == 1
    assert f"PYTHON={old} is not a Python 3.11" in answer.stderr


def _fake_python(folder: Path, name: str, version: str) -> Path:
    """Runs what it is given on this Python, which it makes believe to be another version."""
    path = folder / name
    pretend = f"import sys; sys.version_info = {version}; exec(sys.argv[1])"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{pretend}" "$2"\n')
    path.chmod(0o755)
    return path


def _find_python(path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", FIND_PYTHON],
        env={"PATH": str(path), **env},
        capture_output=True,
        text=True,
        check=False,
    )
