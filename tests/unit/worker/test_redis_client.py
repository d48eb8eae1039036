"""How long a request waits for a Redis that is away, and that a slow process isn't one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any, cast

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from backend.worker import redis_client
from backend.worker.awake_timeout import AwakeTimeout
from backend.worker.redis_client import REQUESTS_WAIT_S, connect_for_requests

# Rounds of the event loop until some are on their way to Redis, and others wait for a connection.
_UNTIL_READING, _UNTIL_WAITING = 30, 5


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with connect_for_requests(redis_url) as client:
        yield client


async def test_a_request_gives_up_within_a_second() -> None:
    assert REQUESTS_WAIT_S < 1
    async with connect_for_requests("redis://localhost:1") as redis:
        assert redis.connection_pool.connection_kwargs["retry"].get_retries() == 0
        with pytest.raises(RedisConnectionError):
            await redis.get("k")


@pytest.mark.parametrize("url", ["redis://h", "rediss://h", "unix:///s"])
async def test_every_way_to_redis_gives_up(url: str) -> None:
    async with connect_for_requests(url) as redis:
        connection = redis.connection_pool.make_connection()
        assert connection.socket_timeout is None
        assert connection._gives_up_after_s == REQUESTS_WAIT_S


@pytest.mark.parametrize(("at_once", "rounds"), [(20, _UNTIL_READING), (100, _UNTIL_WAITING)])
async def test_a_process_that_stood_still_reads_its_answers(
    redis: Redis, at_once: int, rounds: int
) -> None:
    await redis.set("k", "v")
    waiting = [asyncio.create_task(_get(redis)) for _ in range(at_once)]
    for _ in range(rounds):
        await asyncio.sleep(0)
    _stand_still(2 * REQUESTS_WAIT_S)
    assert await asyncio.gather(*waiting) == [b"v"] * at_once


async def test_a_peer_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_client, "REQUESTS_WAIT_S", 0.05)
    heard = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        heard.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        async with connect_for_requests(f"redis://{host}:{port}") as redis:
            with pytest.raises((RedisTimeoutError, RedisConnectionError)):
                await redis.get("k")
        assert heard.is_set()


async def test_a_standstill_counts_as_one_tick() -> None:
    loop = asyncio.get_running_loop()
    async with AwakeTimeout(0.04):
        _stand_still(0.2)
        ready = loop.create_future()
        loop.call_soon(ready.set_result, None)
        await ready
    with pytest.raises(TimeoutError):
        async with AwakeTimeout(0.04):
            await loop.create_future()


async def _get(redis: Redis) -> Any:
    return await cast("Awaitable[Any]", redis.get("k"))


def _stand_still(seconds: float) -> None:
    """No callback runs meanwhile."""
    time.sleep(seconds)
