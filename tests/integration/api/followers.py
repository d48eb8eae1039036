"""A follower of a job's events, and a teller of events without a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from backend.domain.events import EventEnvelope, RunEvent
from backend.worker.events import EventLog, JobRecorder
from tests.fixtures.offstage import Jobs


@dataclass(frozen=True)
class Sent:
    """One event as it came."""

    id: str
    name: str
    data: str

    @property
    def type(self) -> str:
        return EventEnvelope.model_validate_json(self.data).event.type


@asynccontextmanager
async def follow(
    client: httpx2.AsyncClient, job_id: str, after: str | None = None
) -> AsyncIterator[AsyncIterator[Sent]]:
    """The events of a job as a client gets them; the connection is cut at the end."""
    headers = {} if after is None else {"Last-Event-ID": after}
    async with client.stream("GET", f"/jobs/{job_id}/events", headers=headers) as answer:
        if answer.status_code == 204:
            yield _nothing()
            return
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield _events(answer)


async def _nothing() -> AsyncIterator[Sent]:
    for event in ():
        yield event


async def _events(answer: httpx2.Response) -> AsyncIterator[Sent]:
    """As the HTML standard reads a stream; comments and `retry` are passed over."""
    fields: dict[str, str] = {}
    last_id = ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        if line and name:
            fields[name] = value.removeprefix(" ")
        elif not line:
            last_id = fields.get("id", last_id)
            if "data" in fields:
                yield Sent(last_id, fields.get("event", "message"), fields["data"])
            fields = {}


async def all_of(client: httpx2.AsyncClient, job_id: str, after: str | None = None) -> list[Sent]:
    """Every event until the stream ends."""
    async with follow(client, job_id, after) as events:
        return [event async for event in events]


@dataclass(frozen=True)
class Teller:
    """Writes events into jobs' logs as a stock worker's task does."""

    log: EventLog

    async def tell(self, job_id: str, events: Sequence[RunEvent]) -> None:
        recorder = JobRecorder(self.log, job_id, trace_id="0" * 32)
        for event in events:
            recorder.record(event)
        assert await self.log.flush()


def teller(jobs: Jobs) -> Teller:
    return Teller(EventLog(jobs.redis, jobs.settings))
