"""Brings a fresh checkout to where it runs, doing only what is not done yet.

`setup.py` prepares `make run`; `setup.py --tests` also what the tests need, `--bench` what the
benchmarks need. Standard library only: it starts before anything is installed.
"""

from __future__ import annotations

import argparse
import fcntl
import platform
import shutil
import sys

from page import ensure_page
from python_env import ensure_bench_packages, ensure_runtime, ensure_test_packages
from shell import CACHE, say
from test_tools import ensure_peers, ensure_test_tools


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    parser.add_argument("--bench", action="store_true", help="also what the benchmarks need")
    parser.add_argument("--packages-only", action="store_true", help="leave the page out")
    arguments = parser.parse_args()

    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        # Two makes at once take turns; the second finds everything done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_runtime()
        if not arguments.packages_only:
            ensure_page()
        if arguments.tests:
            ensure_test_packages()
            ensure_test_tools()
        if arguments.bench:
            ensure_bench_packages()
            ensure_peers()
    _note_missing_redis()


def _note_missing_redis() -> None:
    linux_x86_64 = sys.platform == "linux" and platform.machine() == "x86_64"
    packaged = linux_x86_64 and sys.version_info < (3, 13)
    if not packaged and not (shutil.which("redis-server") or shutil.which("valkey-server")):
        say(
            "there is no packaged Redis for this Python. Install redis-server or valkey-server, "
            "set REDIS_URL, or use Python 3.11 or 3.12 (make run PYTHON=python3.12)."
        )


if __name__ == "__main__":
    main()
