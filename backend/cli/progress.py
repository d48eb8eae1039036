"""How far a job is, shown on standard error where that is a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from backend.cli.terminal import error_console

# The keys that agents report; a key that isn't here is shown as it is.
_NOTES = {
    "preparing": "Dividing the material",
    "reading": "Reading the material",
    "writing": "Writing the notes",
    "merging": "Putting the notes together",
}


class JobProgress:
    """A bar that says what is being done; it is gone when all is done."""

    def __init__(self) -> None:
        console = error_console()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def stage(self, text: str) -> None:
        """Something that takes a while and can't be counted."""
        self._bar.update(self._task, description=text, total=None, completed=0)

    def job(self, job: dict[str, Any]) -> None:
        """What `GET /jobs/{jobId}` says."""
        counted = job.get("progress") or {}
        self._bar.update(
            self._task,
            description=describe(job),
            total=counted.get("total"),
            completed=counted.get("done", 0),
        )


def describe(job: dict[str, Any]) -> str:
    """A job's state in a few words."""
    if job["status"] == "queued":
        return _waiting(job)
    note = (job.get("progress") or {}).get("note") or ""
    text = _NOTES.get(note, note) or "Working"
    return f"{text} (attempt {job['attempt']})" if job.get("attempt", 1) > 1 else text


def _waiting(job: dict[str, Any]) -> str:
    if job.get("nextRetryAt"):
        left_s = (datetime.fromisoformat(job["nextRetryAt"]) - datetime.now(UTC)).total_seconds()
        why = (job.get("error") or {}).get("message", "")
        return f"Trying again in {max(0, round(left_s))} s: {why}"
    place = job.get("queuePosition")
    return f"Waiting, {place} in the queue" if place and place > 1 else "Waiting for a worker"
