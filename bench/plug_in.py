"""Brings the agents of `bench/agents.py` into workers the way any other package's come in: by an
entry point. A folder on PYTHONPATH stands for the installed package."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from backend.agents.registry import ENTRY_POINT_GROUP
from bench import side_log

_ROOT = Path(__file__).parents[1]


def with_plug_in(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` with a package below `folder` that names our agents."""
    site = folder / "site"
    package = site / "offstage_bench-1.dist-info"
    package.mkdir(parents=True, exist_ok=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: offstage-bench\nVersion: 1\n")
    (package / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\nbench = bench.agents\n")
    path = [str(site), str(_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    log = side_log_of(folder)
    return {**environment, "PYTHONPATH": os.pathsep.join(path), side_log.VARIABLE: str(log)}


def side_log_of(folder: Path) -> Path:
    """Where the agents of that environment write what they did."""
    return folder / "side.log"
