"""A job's events as Server-Sent Events.

FastAPI's own way of streaming them (a route that yields) keeps two tasks and two buffers for each
follower and waits for a client that has stopped reading for ever; its encoding is what is used.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from starlette.types import Message, Send

from backend.api.auth.caller import Caller
from backend.api.live import Live
from backend.telemetry.logging import get_logger
from backend.worker.event_reader import LoggedEvent

_log = get_logger("offstage.events")
BEAT_S = 15.0
# Who takes nothing for so long is dropped; it comes back with the id of what it read last.
_STALLED_S = 30.0
_RECONNECT_AFTER_MS = 1_000
_CHUNK_BYTES = 32_768


class EventStream(StreamingResponse):
    """The response, as bytes come; closes what makes them when the client is gone."""

    media_type = "text/event-stream"

    def __init__(self, chunks: AsyncGenerator[bytes, None]) -> None:
        super().__init__(
            chunks,
            headers={
                # A proxy that compresses, or that gathers before it passes on, holds events back.
                "Cache-Control": "no-cache, no-transform",
                "X-Accel-Buffering": "no",
            },
        )
        self._chunks = chunks

    async def stream_response(self, send: Send) -> None:
        async def in_time(message: Message) -> None:
            async with asyncio.timeout(_STALLED_S):
                await send(message)

        async with aclosing(self._chunks):
            try:
                await super().stream_response(in_time)
            except TimeoutError:
                _log.info("a follower took nothing and was dropped", after_s=_STALLED_S)


async def event_chunks(
    live: Live, caller: Caller, job_id: str, after: str
) -> AsyncGenerator[bytes, None]:
    """What comes after a position, until the job's end or until the caller may not see it."""
    yield format_sse_event(retry=_RECONNECT_AFTER_MS)
    async with aclosing(live.follow(job_id, after)) as parts:
        due = time.monotonic() + BEAT_S
        async for part in parts:
            if time.monotonic() >= due:
                due = time.monotonic() + BEAT_S
                if not await caller.still_valid():
                    return
                yield format_sse_event(comment="still here")
            if part.has_gap:
                yield _gap()
            for chunk in _encoded(part.events):
                yield chunk


def _encoded(events: Sequence[LoggedEvent]) -> Iterator[bytes]:
    """Some events at a time, so that a client that doesn't read holds little."""
    chunk = bytearray()
    for event in events:
        # Unnamed, so that `onmessage` gets them all: an event named `error` would look like a lost
        # connection to an EventSource.
        chunk += format_sse_event(data_str=event.data, id=event.position)
        if len(chunk) >= _CHUNK_BYTES:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)


def _gap() -> bytes:
    said = {"type": "gap", "message": "Older events had to make room: some before these are gone."}
    return format_sse_event(event="gap", data_str=json.dumps(said))
