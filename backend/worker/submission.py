"""What is asked of the queue when a job is to run, and what it answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backend.domain.states import PUBLIC_STATE, JobState
from backend.errors import IdempotencyKeyReused, NotFailed, RateState, Unavailable
from backend.telemetry.tracing import carrier
from backend.worker.job import JobPayload
from backend.worker.limiting import Terms

IDEMPOTENCY_TTL_S = 86_400


@dataclass(frozen=True)
class Submission:
    """What is to run, for whom."""

    agent: str
    version: str
    session_id: str
    user_id: str
    query: dict[str, Any]
    memory: Literal["backend", "inmem"] = "inmem"
    apply_side_effects: bool = True

    @property
    def agent_name(self) -> str:
        return f"{self.agent}@{self.version}"

    def payload(self, job_id: str) -> JobPayload:
        """The task's argument, placed in the current trace."""
        return JobPayload(job_id=job_id, trace=carrier(), **vars(self))


@dataclass(frozen=True)
class Once:
    """A caller's `Idempotency-Key`, and a digest of the request that it came with."""

    key: str
    fingerprint: str


@dataclass(frozen=True)
class Accepted:
    """What became of a submission: a new job, or the open one that holds its claim.

    `replayed`: this is what the same `Idempotency-Key` was answered before, word for word.
    `rates` are the user's, as they stand after it.
    """

    job_id: str
    state: JobState
    deduplicated: bool
    queue_position: int
    eta_s: float | None
    replayed: bool = False
    rates: tuple[RateState, ...] = ()

    @classmethod
    def of(cls, answer: Sequence[Any], terms: Terms) -> Accepted:
        """From what `scripts/submit.lua` answers to a job under these terms.

        Raises Unavailable for a full queue, IdempotencyKeyReused, NotFailed, RateLimited and
        BudgetExceeded.
        """
        refuse(answer)
        terms.require_admitted(answer)
        return cls.told(answer[:7], rates=terms.rate_states(answer[7]))

    @classmethod
    def told(cls, answer: Sequence[Any], rates: tuple[RateState, ...] = ()) -> Accepted:
        """From the part that is kept for an `Idempotency-Key`."""
        found, outcome, rq_status, place, mean_s, slots, replayed = answer
        return cls(
            job_id=_text(found),
            state=PUBLIC_STATE[_text(rq_status)],
            deduplicated=_text(outcome) == "existing",
            queue_position=place,
            # One that waits for other jobs has no place yet.
            eta_s=None if _text(rq_status) == "deferred" else eta_s(place, mean_s, slots),
            replayed=replayed == 1,
            rates=rates,
        )


def refuse(answer: Sequence[Any]) -> None:
    """Raises the error for what a script refused whatever the user's limits are, if it did."""
    outcome = answer[1]
    if outcome == b"full":
        raise Unavailable("The queue is full. Try again when some jobs are done.", retry_after_s=30)
    if outcome == b"key_reused":
        raise key_reused()
    if outcome == b"not_failed":
        raise NotFailed("Only a job that has failed can be tried again, and this one hasn't.")


def eta_s(place: int, mean_s: bytes | str, slots: int) -> float | None:
    """Rounds of the whole fleet until this place's turn is over, at recent durations."""
    if not mean_s or not slots:
        return None
    return float(mean_s) * max(1, math.ceil(place / slots))


def key_reused() -> IdempotencyKeyReused:
    """The error for a key that came with another request before."""
    return IdempotencyKeyReused(
        "This Idempotency-Key came with another request. Take a new key for a new request."
    )


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
