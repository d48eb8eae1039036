"""What an agent tells while it runs: a closed, typed union.

A `RunEvent` is what happened; an `EventEnvelope` adds where it stands in its job's log. Both
travel as camelCase JSON: to the event log in Redis, to SSE followers, to the trace.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class CamelModel(BaseModel):
    """Read and written in camelCase outside, snake_case inside."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        # A text with a bound is looked at, so that half a character is refused here, by name, and
        # not where it should be written.
        str_min_length=0,
    )


class RunStarted(CamelModel):
    """The first event of each attempt."""

    type: Literal["run_started"] = "run_started"
    agent: str
    version: str
    attempt: int
    model: str


class Progress(CamelModel):
    """`done` of `total` units of work are finished; `note` is a stable key the page translates."""

    type: Literal["progress"] = "progress"
    done: int = Field(ge=0)
    total: int = Field(ge=1)
    note: str = ""


class TextDelta(CamelModel):
    """A piece of text the model is writing."""

    type: Literal["text_delta"] = "text_delta"
    text: str


class ToolCall(CamelModel):
    """The model calls a tool."""

    type: Literal["tool_call"] = "tool_call"
    call_id: str
    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)


class ToolResult(CamelModel):
    """What the tool answered, shortened."""

    type: Literal["tool_result"] = "tool_result"
    call_id: str
    tool: str
    summary: str = ""


class ModelUsage(CamelModel):
    """What one model has used up. `cost_usd` is null where its price isn't known."""

    model: str
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


class Usage(CamelModel):
    """What the run has used up so far, in sum; `models` tells it by the model that answered.

    `cost_usd` is that of the requests whose price is known; None if no price is.
    """

    type: Literal["usage"] = "usage"
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    models: tuple[ModelUsage, ...] = ()

    def plus(
        self,
        requests: int,
        input_tokens: int,
        output_tokens: int,
        cost_usd: float | None = None,
        *,
        model: str = "",
    ) -> Usage:
        """This usage with more added; without a model's name it counts in the sum alone."""
        added = ModelUsage(
            model=model,
            requests=requests,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cost_usd=cost_usd,
        )
        return Usage(
            requests=self.requests + requests,
            input_tokens=self.input_tokens + input_tokens,
            output_tokens=self.output_tokens + output_tokens,
            cost_usd=_sum_known(self.cost_usd, cost_usd),
            models=_added(self.models, added) if model else self.models,
        )


def _added(known: tuple[ModelUsage, ...], added: ModelUsage) -> tuple[ModelUsage, ...]:
    if all(one.model != added.model for one in known):
        return (*known, added)
    return tuple(
        ModelUsage(
            model=one.model,
            requests=one.requests + added.requests,
            input_tokens=one.input_tokens + added.input_tokens,
            output_tokens=one.output_tokens + added.output_tokens,
            cost_usd=_sum_known(one.cost_usd, added.cost_usd),
        )
        if one.model == added.model
        else one
        for one in known
    )


def _sum_known(one: float | None, other: float | None) -> float | None:
    known = [cost for cost in (one, other) if cost is not None]
    return sum(known) if known else None


class RetryScheduled(CamelModel):
    """The attempt failed and another one follows."""

    type: Literal["retry_scheduled"] = "retry_scheduled"
    attempt: int
    at: datetime
    reason: str


class ArtifactSaved(CamelModel):
    """The artifact stands in SQL: `version` is the number it got."""

    type: Literal["artifact_saved"] = "artifact_saved"
    kind: str
    id: str
    version: int


class FinalResult(CamelModel):
    """Terminal: what the agent made, as JSON of its output model."""

    type: Literal["final_result"] = "final_result"
    output: dict[str, Any]


class RunFailed(CamelModel):
    """Terminal: why there is no result. `code` is one of `backend.errors`."""

    type: Literal["error"] = "error"
    code: str
    message: str
    retryable: bool


RunEvent = Annotated[
    RunStarted
    | Progress
    | TextDelta
    | ToolCall
    | ToolResult
    | Usage
    | RetryScheduled
    | ArtifactSaved
    | FinalResult
    | RunFailed,
    Field(discriminator="type"),
]

TERMINAL_EVENTS = (FinalResult, RunFailed)


class EventEnvelope(CamelModel):
    """An event at its place: `seq` counts from 1 within one attempt of one job."""

    seq: int = Field(ge=1)
    time: datetime
    job_id: str
    trace_id: str
    event: RunEvent
