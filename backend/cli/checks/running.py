"""The Offstage that runs on the data directory, if one does."""

from __future__ import annotations

from backend.cli.checks.findings import Finding, broken, ok
from backend.cli.client import OffstageClient
from backend.cli.errors import Unreachable
from backend.supervisor.data_dir import Running

_PART = "Offstage"


def check_running(running: Running | None) -> Finding:
    if running is None:
        return ok(_PART, "not running; `offstage up` starts it")
    where = f"runs at {running.url}, process {running.pid}"
    try:
        with OffstageClient(running.url) as client:
            answer = client.readiness()
    except Unreachable as error:
        return broken(_PART, where, error.message)
    if answer.get("status") == "ready":
        return ok(_PART, f"{where}, ready")
    return broken(_PART, f"{where}, not ready", str(answer.get("detail", "")))
