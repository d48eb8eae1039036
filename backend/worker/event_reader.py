"""Reads jobs' event logs for many followers, as few times as it can.

A follower is nothing but a position in a log: it asks for what comes after it. Those who stand at
the same place share one answer, and whatever is asked for while an answer is on its way goes into
one round trip after it. So one connection serves any number of followers, and one that falls behind
costs no memory: its events wait in Redis.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from backend.domain.states import PUBLIC_STATE, TERMINAL
from backend.worker import keys
from backend.worker.redis_client import redis_errors

START = "0-0"
"""The position before a log's first event."""

_EVENTS_AT_ONCE = 100
_LOGS_AT_ONCE = 200
# The type stands first in an event, and nothing before it holds text of anybody's choice.
_TYPE = re.compile(r'"event":\{"type":"([a-z_]+)"')
_LAST = ("final_result", "error")


@dataclass(frozen=True)
class LoggedEvent:
    """An event at its position; `data` is an `EventEnvelope` as JSON."""

    position: str
    data: str

    @property
    def is_last(self) -> bool:
        """Whether it ends its job."""
        found = _TYPE.search(self.data)
        return found is not None and found.group(1) in _LAST


@dataclass(frozen=True)
class LogPart:
    """What comes after a position.

    `user_id`: whose job it is, None if there is no such job. `has_gap`: events between the position
    and these had to make room for newer ones. `is_over`: after these nothing will come.
    `has_more`: there are more to be read at once.
    """

    user_id: str | None
    events: Sequence[LoggedEvent]
    has_gap: bool
    is_over: bool
    has_more: bool


class EventReader:
    """Belongs to one event loop."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._asked: dict[tuple[str, str], asyncio.Future[LogPart]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def read(self, job_id: str, after: str) -> LogPart:
        """The events after a position, oldest first. Raises Unavailable."""
        answer = self._asked.get((job_id, after))
        if answer is None:
            answer = asyncio.get_running_loop().create_future()
            self._asked[job_id, after] = answer
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all(), name="read event logs")
        # Others may wait for the same answer.
        return await asyncio.shield(answer)

    async def _read_all(self) -> None:
        try:
            while self._asked:
                taken = dict(list(self._asked.items())[:_LOGS_AT_ONCE])
                for place in taken:
                    del self._asked[place]
                await self._answer(taken)
        finally:
            self._reading = None

    async def _answer(self, asked: dict[tuple[str, str], asyncio.Future[LogPart]]) -> None:
        try:
            parts = await self._fetch(list(asked))
        except Exception as error:
            for answer in asked.values():
                answer.set_exception(error)
                # Whoever asked may have left by now.
                answer.exception()
            return
        for answer, part in zip(asked.values(), parts, strict=True):
            if not answer.done():
                answer.set_result(part)

    async def _fetch(self, places: Sequence[tuple[str, str]]) -> list[LogPart]:
        """In one transaction: what a log holds and where it was cut must be of one moment."""
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=True)
            for job_id, after in places:
                log = keys.events_key(job_id)
                pipeline.xrange(log, f"({after}", count=_EVENTS_AT_ONCE)
                pipeline.hmget(keys.job_key(job_id), "agent_user", "status", "agent_log_cut")
            answers: list[Any] = await pipeline.execute()
        return [
            _part(after, entries, *told)
            for (_, after), entries, told in zip(places, answers[::2], answers[1::2], strict=True)
        ]


def _part(
    after: str,
    entries: Sequence[tuple[bytes, dict[bytes, bytes]]],
    user: bytes | None,
    status: bytes | None,
    cut: bytes | None,
) -> LogPart:
    events = [
        LoggedEvent(position.decode(), fields[b"event"].decode()) for position, fields in entries
    ]
    has_more = len(events) == _EVENTS_AT_ONCE
    ended = status is None or PUBLIC_STATE.get(status.decode()) in TERMINAL
    return LogPart(
        None if user is None else user.decode(),
        events,
        has_gap=cut is not None and number_of(cut.decode()) > number_of(after),
        is_over=bool(events and events[-1].is_last) or (ended and not has_more),
        has_more=has_more,
    )


def number_of(position: str) -> tuple[int, int]:
    """A position as what positions are ordered by."""
    milliseconds, _, number = position.partition("-")
    return int(milliseconds), int(number or 0)
