"""How long a request waits for a Redis that is away."""

from __future__ import annotations

from backend.worker.redis_client import connect_for_requests


async def test_a_request_gives_up_within_a_second() -> None:
    async with connect_for_requests("redis://localhost:1") as redis:
        options = redis.connection_pool.connection_kwargs
        assert max(options["socket_connect_timeout"], options["socket_timeout"]) < 1
        assert options["retry"].get_retries() == 0
