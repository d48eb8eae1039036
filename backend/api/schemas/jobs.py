"""Jobs as they are asked for and shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StringConstraints

from backend.api.error_codes import known_codes
from backend.api.schemas.base import RequestModel, ResponseModel
from backend.domain.events import ArtifactSaved, Progress, Usage
from backend.domain.states import JobState

SessionId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$"),
    Field(description="1 to 64 letters, digits, `_` or `-`"),
]


class JobRequest(RequestModel):
    """What an agent is to run on.

    `memory` is `backend` for the session's stored material, artifacts and earlier queries, or
    `inmem` for nothing but the query. Without side effects the result is saved nowhere but in the
    job.
    """

    session_id: SessionId
    query: dict[str, Any] = Field(default_factory=dict)
    memory: Literal["backend", "inmem"] = "inmem"
    apply_side_effects: StrictBool = True


class ArtifactJobRequest(JobRequest):
    """The same for an agent whose work is a session's artifact: it works on what is stored."""

    memory: Literal["backend", "inmem"] = "backend"


class JobAccepted(ResponseModel):
    """The job that was made, or with `deduplicated` the open one that does this already.

    `queuePosition` is 1 for the next one, 0 for a job that runs. `etaSeconds` is null until the
    agent's durations are known.
    """

    job_id: str
    status: JobState
    deduplicated: bool
    queue_position: int
    eta_seconds: float | None


class UnchangedVersion(ResponseModel):
    """With `reuse=unchanged`: this version was made from the same input, so nothing runs."""

    unchanged: Literal[True] = True
    kind: str
    version: int
    is_current: bool
    created_at: datetime


class JobErrorOut(ResponseModel):
    """Why it failed; on a queued job, why it is tried again."""

    code: str = Field(examples=known_codes())
    message: str
    retryable: bool


class FinalPayload(ResponseModel):
    """What a run ends with. `output` has the agent's own form; `artifact` is what was saved."""

    output: dict[str, Any] | None
    artifact: dict[str, Any] | None
    usage: dict[str, Any] | None


class CancelReceiptOut(ResponseModel):
    """`stoppedAt` is null while the job goes on, and for good if it had ended by itself.

    `tokensAfterRequest` is what was spent between the two, as far as the provider told of it.
    """

    requested_at: datetime
    stopped_at: datetime | None = None
    tokens_after_request: int


class JobOut(ResponseModel):
    """A job. `result` is the final payload of a done one, in its own route only.

    `replayOf` is the failed job that this one tries again, `waitsFor` the one that has to be done
    before it. Of a failed job, `heldBack` are those that wait for it, directly or down the chain.
    """

    job_id: str
    agent: str
    version: str
    session_id: str
    status: JobState
    attempt: int
    max_attempts: int
    next_retry_at: datetime | None = None
    progress: Progress | None = None
    queue_position: int | None = None
    eta_seconds: float | None = None
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    trace_id: str
    usage: Usage | None = None
    artifact: ArtifactSaved | None = None
    error: JobErrorOut | None = None
    result: FinalPayload | None = None
    cancel: CancelReceiptOut | None = None
    replay_of: str | None = None
    waits_for: str | None = None
    held_back: list[str] = Field(default_factory=list)
