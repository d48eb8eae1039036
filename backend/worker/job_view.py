"""A job as its caller may see it, read from its hash, and the tag that changes with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from rq.job import JobStatus
from rq.utils import utcparse

from backend.domain.events import ArtifactSaved, Progress, Usage
from backend.domain.retry import MAX_ATTEMPTS
from backend.domain.states import PUBLIC_STATE, TERMINAL, JobState
from backend.errors import Crashed
from backend.worker.job import CANCELLED, JobError

# The RQ status of a job that waits for its next attempt.
_WAITS = JobStatus.SCHEDULED.value
# That of one that waits for other jobs.
_WAITS_FOR_OTHERS = JobStatus.DEFERRED.value
_ALWAYS_THERE = {"agent_name", "agent_session", "agent_user", "agent_trace", "status", "created_at"}
# All that `view_of` reads: the rest, the query above all, can be large and is nobody's to see.
VIEW_FIELDS = (
    *sorted(_ALWAYS_THERE),
    "started_at",
    "ended_at",
    "agent_errors",
    "agent_crashes",
    "agent_retry_at",
    "agent_retry_reason",
    "agent_progress",
    "agent_usage",
    "agent_artifact",
    "agent_error",
    "agent_cancel",
    "agent_cancel_tokens",
    "agent_replay_of",
    "agent_held_back",
    "dependency_id",
)


@dataclass(frozen=True)
class CancelReceipt:
    """What became of a cancellation.

    `stopped_at` is None while the job goes on, and for good if it had ended by itself.
    `tokens_after_request` counts what the provider told of by then: a request that was cut off in
    the middle tells nothing.
    """

    requested_at: datetime
    stopped_at: datetime | None
    tokens_after_request: int


@dataclass(frozen=True)
class JobView:
    """A job. `replay_of` is the failed one that this one tries again.

    `waits_for` is the job that has to be done before this one; of one that failed, `held_back` are
    those that wait for it, directly or down the chain.
    """

    job_id: str
    agent: str
    version: str
    session_id: str
    user_id: str
    state: JobState
    attempt: int
    max_attempts: int
    created_at: datetime
    trace_id: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    retry_at: datetime | None = None
    progress: Progress | None = None
    usage: Usage | None = None
    artifact: ArtifactSaved | None = None
    error: JobError | None = None
    cancel: CancelReceipt | None = None
    replay_of: str | None = None
    waits_for: str | None = None
    held_back: tuple[str, ...] = ()


def view_of(job_id: str, raw: Mapping[bytes, bytes]) -> JobView | None:
    """Read a job's hash; None if it isn't a job of ours."""
    fields = {key.decode(errors="replace"): value for key, value in raw.items()}
    if not fields.keys() >= _ALWAYS_THERE:
        return None
    agent, _, version = fields["agent_name"].decode().partition("@")
    rq_status = fields["status"].decode()
    state = PUBLIC_STATE[rq_status]
    errors, crashes = int(fields.get("agent_errors", 0)), int(fields.get("agent_crashes", 0))
    usage = Usage.model_validate_json(u) if (u := fields.get("agent_usage")) else None
    error = _error(state, rq_status, fields)
    ended_at = _time(fields.get("ended_at"))
    return JobView(
        job_id=job_id,
        agent=agent,
        version=version,
        session_id=fields["agent_session"].decode(),
        user_id=fields["agent_user"].decode(),
        state=state,
        attempt=errors + crashes + 1,
        max_attempts=MAX_ATTEMPTS + crashes,
        created_at=utcparse(fields["created_at"].decode()),
        trace_id=fields["agent_trace"].decode(),
        started_at=_time(fields.get("started_at")),
        ended_at=ended_at,
        retry_at=_time(fields.get("agent_retry_at")) if rq_status == _WAITS else None,
        progress=Progress.model_validate_json(p) if (p := fields.get("agent_progress")) else None,
        usage=usage,
        artifact=(
            ArtifactSaved.model_validate_json(a) if (a := fields.get("agent_artifact")) else None
        ),
        error=error,
        cancel=_receipt(fields, usage, ended_at if error == CANCELLED else None),
        replay_of=_text(fields.get("agent_replay_of")),
        waits_for=(_text(fields.get("dependency_id")) if rq_status == _WAITS_FOR_OTHERS else None),
        held_back=tuple(json.loads(fields.get("agent_held_back", b"[]"))),
    )


def _error(state: JobState, rq_status: str, fields: Mapping[str, bytes]) -> JobError | None:
    if state is not JobState.FAILED:
        reason = fields.get("agent_retry_reason") if rq_status == _WAITS else None
        return JobError.model_validate_json(reason) if reason else None
    if known := fields.get("agent_error"):
        return JobError.model_validate_json(known)
    # A stock worker ended it and RQ keeps no more than the state.
    if rq_status in ("stopped", "canceled"):
        return CANCELLED
    return JobError.of(Crashed("The worker died while running it."))


def _receipt(
    fields: Mapping[str, bytes], usage: Usage | None, stopped_at: datetime | None
) -> CancelReceipt | None:
    requested_at = _time(fields.get("agent_cancel"))
    if requested_at is None:
        return None
    used = usage.input_tokens + usage.output_tokens if usage else 0
    return CancelReceipt(
        requested_at, stopped_at, max(0, used - int(fields.get("agent_cancel_tokens", used)))
    )


def _text(value: bytes | None) -> str | None:
    return value.decode() if value else None


def _time(value: bytes | None) -> datetime | None:
    return utcparse(value.decode()) if value else None


@dataclass(frozen=True)
class JobLook:
    """What a look at a job found; `place` is where it stands in the queue, 0 for nowhere.

    `raw` holds the fields of `VIEW_FIELDS` that the hash has.
    """

    job_id: str
    raw: Mapping[bytes, bytes]
    place: int

    @classmethod
    def of(cls, job_id: str, answer: Sequence[bytes | int | None]) -> JobLook:
        """From what `scripts/look.lua` answers, asked for `VIEW_FIELDS`."""
        *values, place = answer
        found = zip(VIEW_FIELDS, values, strict=True)
        raw = {name.encode(): value for name, value in found if isinstance(value, bytes)}
        assert isinstance(place, int)
        return cls(job_id, raw, place)

    @property
    def user_id(self) -> str | None:
        """Whose job it is; None if there is no job."""
        user = self.raw.get(b"agent_user")
        return None if user is None else user.decode()

    @property
    def is_over(self) -> bool:
        """Whether it stays as it is."""
        return PUBLIC_STATE.get(self.raw.get(b"status", b"").decode()) in TERMINAL

    @cached_property
    def etag(self) -> str:
        """A weak tag: the same for as long as no more than the estimate of its wait changes."""
        digest = hashlib.blake2b(str(self.place).encode(), digest_size=12)
        for name, value in self.raw.items():
            digest.update(b"\0" + name + b"\0" + value)
        return f'W/"{digest.hexdigest()}"'

    def view(self) -> JobView | None:
        """The job; None if it isn't one of ours."""
        return view_of(self.job_id, self.raw)
