"""Pins the Python dependencies anew, for every platform and Python from 3.11 on, with hashes.

Three locks: what Offstage runs on and is built with, and the same with what the tests or the
benchmarks need. None names an index, so that whoever installs decides where packages come from.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from python_env import BENCH_LOCK, RUNTIME_LOCK, TEST_LOCK
from shell import CACHE, ROOT, give_up, run, say

_UV_VENV = CACHE / "uv"
_UV = _UV_VENV / "bin" / "uv"
_OLDEST_PYTHON = "3.11"


def main() -> None:
    _ensure_uv()
    _compile(RUNTIME_LOCK, "--group", "build")
    for lock, group in ((TEST_LOCK, "test"), (BENCH_LOCK, "bench")):
        both_groups = ["--group", "build", "--group", group]
        _compile(lock, *both_groups, "--constraints", RUNTIME_LOCK.name)


def _ensure_uv() -> None:
    if _UV.exists():
        return
    say("installing uv, which makes the locks, into .cache")
    run([sys.executable, "-m", "venv", _UV_VENV])
    run([_UV_VENV / "bin" / "pip", "install", "--quiet", "uv"])


def _compile(lock: Path, *arguments: str) -> None:
    say(f"pinning {lock.name}")
    options = ["--universal", "--python-version", _OLDEST_PYTHON, "--generate-hashes"]
    options += ["--no-emit-index-url", "--quiet", "--output-file", lock.name, *arguments]
    env = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    run([_UV, "pip", "compile", *options, "pyproject.toml"], cwd=ROOT, env=env)
    if "://" in lock.read_text():
        give_up(f"{lock.name} names an address, which a lock must not: pin a release instead")


if __name__ == "__main__":
    main()
