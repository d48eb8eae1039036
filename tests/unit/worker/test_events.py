"""A job's event log: order, envelopes, and what of an event goes into the trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from backend.domain.events import (
    ArtifactSaved,
    EventEnvelope,
    FinalResult,
    Progress,
    RetryScheduled,
    RunEvent,
    RunFailed,
    RunStarted,
    TextDelta,
    ToolCall,
    ToolResult,
    Usage,
)
from backend.worker import keys
from backend.worker.events import EventLog, JobRecorder, span_attributes
from tests.fixtures.offstage import Jobs

EVENTS: list[RunEvent] = [
    RunStarted(agent="smoke", version="v1", attempt=1, model="offline:extractive"),
    Progress(done=1, total=3, note="canary"),
    TextDelta(text="canary"),
    ToolCall(call_id="1", tool="search", arguments={"q": "canary", "none": None}),
    ToolResult(call_id="1", tool="search", summary="canary"),
    Usage(requests=1, input_tokens=20, output_tokens=3),
    RetryScheduled(attempt=2, at=datetime(2026, 11, 22, tzinfo=UTC), reason="canary"),
    ArtifactSaved(kind="synopsis", id="x", version=1),
    FinalResult(output={"none": None, "text": "canary"}),
    RunFailed(code="timeout", message="canary", retryable=True),
]


@pytest.fixture
async def log(jobs: Jobs) -> AsyncIterator[EventLog]:
    async with EventLog(jobs.redis, jobs.settings) as log:
        yield log


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_envelope_comes_back_as_it_went_in(event: RunEvent) -> None:
    envelope = EventEnvelope(seq=1, time=datetime.now(UTC), job_id="a", trace_id="b", event=event)
    told = envelope.model_dump_json(by_alias=True)
    assert EventEnvelope.model_validate_json(told) == envelope
    # The scripts read the number from here.
    assert told.startswith('{"seq":1,')


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_nobodys_text_goes_into_the_trace(event: RunEvent) -> None:
    attributes = span_attributes(event)
    assert "canary" not in str(attributes)
    assert (attributes is None) == isinstance(event, TextDelta)


def test_every_kind_of_event_is_known() -> None:
    schema = TypeAdapter(RunEvent).json_schema()
    assert {event.type for event in EVENTS} == set(schema["discriminator"]["mapping"])


async def test_events_are_numbered_and_the_last_of_some_stand_in_the_hash(
    jobs: Jobs, log: EventLog
) -> None:
    job_id = await jobs.smoke()
    recorder = JobRecorder(log, job_id, "trace")
    for done in range(1, 4):
        recorder.record(Progress(done=done, total=3))
    await log.drain()
    told = await jobs.events(job_id)
    assert [(each.seq, each.event) for each in told] == [
        (done, Progress(done=done, total=3)) for done in range(1, 4)
    ]
    assert {(each.job_id, each.trace_id) for each in told} == {(job_id, "trace")}
    assert (await jobs.look(job_id)).progress == Progress(done=3, total=3)
    assert await jobs.redis.ttl(keys.events_key(job_id)) > 0


async def test_a_job_that_is_gone_does_not_come_back_as_half_a_hash(
    jobs: Jobs, log: EventLog
) -> None:
    JobRecorder(log, "gone", "trace").record(Progress(done=1, total=1))
    await log.drain()
    assert await jobs.redis.exists(keys.job_key("gone")) == 0


async def test_an_execution_without_a_lease_tells_nothing(jobs: Jobs, log: EventLog) -> None:
    job_id = await jobs.smoke()
    JobRecorder(log, job_id, "trace", "an-execution-that-lost").record(Progress(done=1, total=1))
    await log.drain()
    assert await jobs.events(job_id) == []
    assert (await jobs.look(job_id)).progress is None


async def test_our_workers_leave_the_end_to_the_step_that_ends_the_job(
    jobs: Jobs, log: EventLog
) -> None:
    job_id = await jobs.smoke()
    JobRecorder(log, job_id, "trace", "an-execution").record(FinalResult(output={}))
    JobRecorder(log, job_id, "trace").record(FinalResult(output={"by": "a stock worker"}))
    await log.drain()
    assert [each.event for each in await jobs.events(job_id)] == [
        FinalResult(output={"by": "a stock worker"})
    ]
