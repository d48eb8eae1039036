"""A job as we keep it in RQ's hash, and the RQ job class that runs nothing but ours."""

from __future__ import annotations

import json
import math
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from rq.job import Job, JobStatus

from backend.errors import Cancelled, Misconfigured, OffstageError
from backend.telemetry.secrets import hide_secrets

TASK = "backend.worker.tasks.run_agent_job"

# What of a job's hash running it takes.
TAKEN_FIELDS = (
    "data",
    "agent_trace",
    "agent_name",
    "agent_errors",
    "agent_crashes",
    "agent_usage",
    "agent_budget",
)

# A stock worker kills at its own timeout; the task's, which says what happened, comes first.
_STOCK_TIMEOUT_MARGIN_S = 30
_WORTH_COMPRESSING_BYTES = 2_000
# A request has 2 MiB. What somebody else wrote must not keep a worker busy, or fill its memory.
_LARGEST_ARGUMENT_BYTES = 16 * 1024 * 1024
_WITHOUT_ZONE = len("2026-01-01T00:00:00.000000")
_UNREADABLE = "The job can't be read: another version of Offstage made it, or something else did."


class JobPayload(BaseModel):
    """The one argument of `run_agent_job`: ids and the query, never the material.

    `first_job_id` is that of the failed job whose work a replay goes on with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    job_id: str
    agent: str
    version: str
    session_id: str
    user_id: str
    query: dict[str, Any]
    memory: Literal["backend", "inmem"] = "inmem"
    apply_side_effects: bool = True
    trace: dict[str, str] = {}
    first_job_id: str | None = None

    @property
    def agent_name(self) -> str:
        return f"{self.agent}@{self.version}"

    @property
    def work_id(self) -> str:
        """What is saved is saved once under this id, however often the work is tried again."""
        return self.first_job_id or self.job_id

    def as_argument(self) -> dict[str, Any]:
        """As plain values; without what only replays have, so that older workers can read them."""
        return self.model_dump(mode="json", exclude=self._unsaid())

    def as_json(self) -> str:
        """The same as JSON."""
        return self.model_dump_json(exclude=self._unsaid())

    def _unsaid(self) -> set[str]:
        return set() if self.first_job_id else {"first_job_id"}


class AgentJob(Job):
    """An RQ job that can only be `run_agent_job`: writing to Redis must not run other code.

    For our worker always, for a stock one with `--job-class backend.worker.job.AgentJob`. Stored
    callbacks and webhooks are ways to other functions and addresses, so they are left alone.
    """

    @property
    def func(self) -> Callable[..., Any]:
        if self.func_name != TASK:
            raise PermissionError("this queue runs nothing but Offstage's own task")
        return cast("Callable[..., Any]", super().func)

    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None

    def send_webhooks(self, status: str | JobStatus, *, exc_string: str | None = None) -> None:
        """Sends none."""


@dataclass(frozen=True)
class JobLimits:
    """Seconds that a job may run, and that it is kept when it ended."""

    timeout_s: float
    result_ttl_s: int


def new_job_fields(
    payload: JobPayload, queue: str, limits: JobLimits, claim: str, trace_id: str
) -> dict[str, Any]:
    """The hash of a new job: RQ's fields as RQ writes them, and ours.

    Written out here, since an RQ job that is made only to be taken apart costs as much as the rest
    of a submission; RQ reads a missing field as it reads an empty one.
    """
    now = rq_now()
    call = f'["{TASK}", null, [{payload.as_json()}], {{}}]'.encode()
    return {
        "created_at": now,
        "enqueued_at": now,
        "data": zlib.compress(call) if len(call) > _WORTH_COMPRESSING_BYTES else call,
        "origin": queue,
        "description": payload.agent_name,
        "timeout": math.ceil(limits.timeout_s) + _STOCK_TIMEOUT_MARGIN_S,
        "result_ttl": limits.result_ttl_s,
        "failure_ttl": limits.result_ttl_s,
        "status": JobStatus.QUEUED.value,
        "agent_name": payload.agent_name,
        "agent_session": payload.session_id,
        "agent_user": payload.user_id,
        "agent_trace": trace_id,
        "agent_claim": claim,
    }


def payload_of(fields: Mapping[str, bytes]) -> JobPayload:
    """The argument that a job hash carries. Raises Misconfigured for anything but our own task."""
    try:
        function, _, args, _ = json.loads(_decompressed(fields["data"]))
    except (KeyError, ValueError, RecursionError):
        raise Misconfigured(_UNREADABLE) from None
    if function != TASK:
        raise Misconfigured("This queue runs nothing but Offstage's own task.")
    return parse_payload(args[0] if args else None)


def _decompressed(data: bytes) -> bytes:
    """As RQ reads it. Raises ValueError for more than any request of ours can hold."""
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(data, _LARGEST_ARGUMENT_BYTES)
        if unpacking.eof:
            return unpacked
    except zlib.error:
        if len(data) <= _LARGEST_ARGUMENT_BYTES:
            return data
    raise ValueError("too long, or cut off")


def parse_payload(payload: object) -> JobPayload:
    """Raises Misconfigured for what this version of Offstage can't run; repeats nothing of it."""
    try:
        return JobPayload.model_validate(payload)
    except ValidationError:
        raise Misconfigured(_UNREADABLE) from None


class JobError(BaseModel):
    """Why a job failed."""

    code: str
    message: str
    retryable: bool

    @classmethod
    def of(cls, error: OffstageError) -> JobError:
        return cls(code=error.code, message=hide_secrets(error.message), retryable=error.retryable)

    def as_exc_string(self) -> str:
        """As RQ's result stream keeps a failure's text."""
        return b64encode(zlib.compress(f"{self.code}: {self.message}".encode())).decode()


CANCELLED = JobError.of(Cancelled("The job was cancelled."))


def rq_now() -> str:
    """The time as RQ writes it into hashes."""
    return rq_time(datetime.now(UTC))


def rq_time(moment: datetime) -> str:
    """A UTC time as RQ writes it into hashes."""
    return f"{moment.isoformat(timespec='microseconds')[:_WITHOUT_ZONE]}Z"


def rq_return_value(value: object) -> str:
    """A result as RQ's result stream keeps it. Raises TypeError for what isn't JSON."""
    return b64encode(json.dumps(value).encode()).decode()


def read_return_value(stored: bytes) -> Any:
    """The other way round."""
    return json.loads(b64decode(stored))
