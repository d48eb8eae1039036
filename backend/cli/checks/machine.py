"""What Offstage finds on this machine: Python, the data directory, the built page."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from backend.api.static import page_folder
from backend.cli.checks.findings import Finding, broken, ok, warning

_OLDEST_PYTHON = (3, 11)


def check_python() -> Finding:
    version = platform.python_version()
    if sys.version_info >= _OLDEST_PYTHON:
        return ok("Python", version)
    return broken("Python", version, "Offstage needs 3.11 or newer.")


def check_data_dir(path: Path) -> Finding:
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return broken(
            "data directory",
            f"{path} can't be written" if existing == path else f"{path} can't be made",
            "Choose another with OFFSTAGE_DATA_DIR or --data-dir.",
        )
    return ok("data directory", str(path) if existing == path else f"{path}, made on first start")


def check_page() -> Finding:
    folder = page_folder()
    if (folder / "index.html").is_file():
        return ok("page", str(folder))
    return warning("page", "not built", "Run `make setup`. The API and this command work anyway.")
