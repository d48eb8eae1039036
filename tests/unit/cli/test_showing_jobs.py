"""A job in a few words, on the bar and in the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.cli.job_table import outcome
from backend.cli.progress import describe

PROGRESS = {"done": 2, "total": 7, "note": "writing"}
STARTED, ENDED = "2026-11-22T10:00:00Z", "2026-11-22T10:00:02.500Z"


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ({"status": "queued"}, "Waiting for a worker"),
        ({"status": "queued", "queuePosition": 3}, "Waiting, 3 in the queue"),
        ({"status": "running", "attempt": 1, "progress": PROGRESS}, "Writing the notes"),
        (
            {"status": "running", "attempt": 2, "progress": PROGRESS},
            "Writing the notes (attempt 2)",
        ),
        ({"status": "running", "attempt": 1, "progress": None}, "Working"),
        ({"status": "running", "attempt": 1, "progress": {"note": "polishing"}}, "polishing"),
    ],
)
def test_on_the_bar(job: dict[str, Any], told: str) -> None:
    assert describe(job) == told


def test_a_retry_that_waits_says_when_and_why() -> None:
    due = (datetime.now(UTC) + timedelta(seconds=90)).isoformat()
    job = {"status": "queued", "nextRetryAt": due, "error": {"message": "Too many requests."}}
    assert describe(job) in {f"Trying again in {s} s: Too many requests." for s in (88, 89, 90)}
    assert outcome(job).startswith("queued, next try at 2")


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ({"status": "running", "progress": PROGRESS}, "running 2/7"),
        ({"status": "done", "startedAt": STARTED, "endedAt": ENDED}, "done in 2.5 s"),
        ({"status": "done"}, "done"),
        ({"status": "failed", "error": {"code": "cancelled"}}, "failed: cancelled"),
        ({"status": "queued"}, "queued"),
    ],
)
def test_in_the_table(job: dict[str, Any], told: str) -> None:
    assert outcome(job) == told
