"""The virtual environment: made, filled from the locks by hash, and holding the project itself."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from shell import ROOT, give_up, run, say
from stamps import Stamp

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
BENCH_LOCK = ROOT / "requirements-bench.lock"

_PIP = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")


def ensure_runtime() -> None:
    """The packages Offstage runs on and the project itself, so that `.venv/bin/offstage` works."""
    stamp = Stamp(VENV / ".runtime-stamp", (RUNTIME_LOCK,), detail=f"{VENV} {sys.version}")
    if not stamp.is_current() or not _python_runs():
        _make_venv(reuse=stamp.file.exists())
        stamp.remove()
        say("installing Python packages (the first time takes about a minute)")
        _install_build_backend()
        _install_locked(RUNTIME_LOCK)
        stamp.write()
    _ensure_project()


def ensure_test_packages() -> None:
    _ensure_more(TEST_LOCK, "test", "installing what the tests need")


def ensure_bench_packages() -> None:
    _ensure_more(BENCH_LOCK, "bench", "installing what the benchmarks compare with")


def _ensure_more(lock: Path, name: str, said: str) -> None:
    stamp = Stamp(VENV / f".{name}-stamp", (RUNTIME_LOCK, lock))
    if stamp.is_current():
        return
    stamp.remove()
    say(said)
    _install_locked(lock)
    stamp.write()


def _make_venv(*, reuse: bool) -> None:
    if reuse and _python_runs():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        give_up(
            f"{sys.executable} comes without venv or ensurepip. "
            f"On Debian and Ubuntu: apt-get install python{version}-venv"
        )
    say(f"making .venv with Python {sys.version.split()[0]}")
    run([sys.executable, "-m", "venv", "--clear", VENV])


def _python_runs() -> bool:
    """False for a venv that was moved, or whose base Python is gone or of another version."""
    probe = "import sys; print(sys.prefix, sys.version)"
    try:
        answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.strip() == f"{VENV} {sys.version}"


def _install_build_backend() -> None:
    """Two dependencies come as source only, and pip would fetch an unlocked setuptools to build
    them: the locked one goes in first, and builds run without isolation."""
    pinned = re.search(r"^setuptools==(?:.*\\\n)+.*\n", RUNTIME_LOCK.read_text(), re.MULTILINE)
    if pinned is None:
        give_up(f"{RUNTIME_LOCK.name} doesn't pin setuptools: run `make lock`")
    with tempfile.TemporaryDirectory() as folder:
        only_setuptools = Path(folder) / "setuptools.txt"
        only_setuptools.write_text(pinned.group())
        run([*_PIP, "--require-hashes", "--only-binary", ":all:", "-r", only_setuptools])


def _install_locked(lock: Path) -> None:
    builds = ["--no-build-isolation", "--use-pep517"]
    run([*_PIP, "--require-hashes", *builds, "-r", lock])


def _ensure_project() -> None:
    stamp = Stamp(VENV / ".project-stamp", (ROOT / "pyproject.toml",))
    if stamp.is_current():
        return
    stamp.remove()
    run([*_PIP, "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT])
    stamp.write()
