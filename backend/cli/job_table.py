"""Jobs as lines of a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table

from backend.cli.client import Json
from backend.cli.terminal import output_console, say


def show_jobs(jobs: Sequence[Json]) -> None:
    """A table on standard output; without jobs, a remark instead."""
    if not jobs:
        say("There are no such jobs.")
        return
    table = Table(box=None, header_style="bold")
    for name in ("JOB", "AGENT", "SESSION"):
        table.add_column(name, overflow="fold")
    table.add_column("CREATED", no_wrap=True)
    table.add_column("STATUS")
    for job in jobs:
        agent = f"{job['agent']}@{job['version']}"
        table.add_row(
            job["jobId"], agent, job["sessionId"], _local_time(job["createdAt"]), outcome(job)
        )
    output_console().print(table)


def outcome(job: Json) -> str:
    """How a job stands: `running 3/7`, `done in 2.1 s`, `failed: cancelled`."""
    status = str(job["status"])
    counted = job.get("progress")
    if status == "running" and counted:
        return f"running {counted['done']}/{counted['total']}"
    if status == "failed":
        return f"failed: {(job.get('error') or {}).get('code', 'unknown')}"
    if status == "queued" and job.get("nextRetryAt"):
        return f"queued, next try at {_local_time(job['nextRetryAt'])}"
    if status == "done" and job.get("startedAt") and job.get("endedAt"):
        took = datetime.fromisoformat(job["endedAt"]) - datetime.fromisoformat(job["startedAt"])
        return f"done in {took.total_seconds():.1f} s"
    return status


def _local_time(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")
