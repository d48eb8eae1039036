"""Scripts that many callers run at once go to Redis together.

What a call costs is for the most part the way there and back: a connection from the pool, a
write, a wait, a read. So calls that come while others are on their way leave together, as soon as
those are back. Each is still a step of its own: nothing holds between two calls of one trip.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import Context
from typing import Any, NamedTuple

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError, ResponseError

_AT_ONCE = 100


class _Call(NamedTuple):
    script: AsyncScript
    keys: Sequence[str]
    args: Sequence[Any]
    answer: asyncio.Future[Any]


class Together:
    """The calls of one event loop on one Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: list[_Call] = []
        self._trips: asyncio.Task[None] | None = None

    async def run(self, script: AsyncScript, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """What the script answers. Raises what redis-py raises."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Call(script, keys, args, answer))
        if self._trips is None:
            # For many jobs: an agent's context, and what is put down to it, stays out.
            self._trips = asyncio.create_task(
                self._make_trips(), name="scripts, together", context=Context()
            )
        return await answer

    async def _make_trips(self) -> None:
        try:
            while self._waiting:
                calls, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
                try:
                    await self._make_trip(calls)
                except Exception as error:
                    # Who came meanwhile would wait in vain for just as long.
                    calls, self._waiting = [*calls, *self._waiting], []
                    _fail(calls, error)
        finally:
            self._trips = None

    async def _make_trip(self, calls: list[_Call]) -> None:
        answers = await self._send(calls)
        unknown = {n: c for n, c in enumerate(calls) if isinstance(answers[n], NoScriptError)}
        if unknown:
            for script in {call.script for call in unknown.values()}:
                await self._redis.script_load(script.script)
            again = await self._send(list(unknown.values()))
            for number, answer in zip(unknown, again, strict=True):
                answers[number] = answer
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, Exception):
                _fail([call], answer)
            elif not call.answer.done():
                call.answer.set_result(answer)

    async def _send(self, calls: list[_Call]) -> list[Any]:
        """Like a pipeline's `execute`, which spends three times as long on packing."""
        packed = b"".join(hiredis.pack_command(_words_of(call)) for call in calls)
        pool: Any = self._redis.connection_pool
        connection: AbstractConnection = await pool.get_connection()
        try:
            answers: list[Any] = await connection.retry.call_with_retry(
                lambda: _exchange(connection, packed, len(calls)),
                lambda _error: connection.disconnect(),
            )
            return answers
        finally:
            await pool.release(connection)


def _words_of(call: _Call) -> tuple[Any, ...]:
    return ("EVALSHA", call.script.sha, len(call.keys), *call.keys, *call.args)


async def _exchange(connection: AbstractConnection, packed: bytes, calls: int) -> list[Any]:
    await connection.send_packed_command(packed)
    answers: list[Any] = []
    for _ in range(calls):
        try:
            answers.append(await connection.read_response())
        except ResponseError as error:
            answers.append(error)
    return answers


def _fail(calls: Sequence[_Call], error: Exception) -> None:
    for call in calls:
        # Whoever asked may have left.
        if not call.answer.done():
            call.answer.set_exception(error)
            call.answer.exception()
