"""The states of a job, beside their terminal set.

RQ tells more states apart than a caller needs; `PUBLIC_STATE` folds them into ours.
"""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """What a caller sees."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


TERMINAL = frozenset({JobState.DONE, JobState.FAILED})

# Left: RQ 3.0's `JobStatus` values as they stand in the job's hash.
PUBLIC_STATE: dict[str, JobState] = {
    "created": JobState.QUEUED,
    "queued": JobState.QUEUED,
    "scheduled": JobState.QUEUED,
    "deferred": JobState.QUEUED,
    "ready_to_enqueue": JobState.QUEUED,
    "rate_limited": JobState.QUEUED,
    "started": JobState.RUNNING,
    "finished": JobState.DONE,
    "failed": JobState.FAILED,
    "stopped": JobState.FAILED,
    "canceled": JobState.FAILED,
}

# While a job is in one of these, its idempotency claim holds.
OPEN_RQ_STATES = tuple(sorted(rq for rq, ours in PUBLIC_STATE.items() if ours not in TERMINAL))
