"""Finished steps, kept with their job in Redis, so that no LLM call is paid for twice."""

from __future__ import annotations

from typing import cast

from redis.asyncio import Redis

from backend.errors import AgentFailed
from backend.worker import keys
from backend.worker.patience import patiently
from backend.worker.redis_client import redis_errors

MAX_STEP_BYTES = 1_000_000
_REDIS_MAY_BE_AWAY_S = 30


class RedisStepStore:
    """The steps of one job."""

    def __init__(self, redis: Redis, job_id: str, ttl_s: int) -> None:
        self._redis = redis
        self._key = keys.steps_key(job_id)
        self._ttl_s = ttl_s

    async def get(self, key: str) -> bytes | None:
        async for attempt in patiently(_REDIS_MAY_BE_AWAY_S):
            with attempt, redis_errors():
                return cast("bytes | None", await self._redis.hget(self._key, key))
        raise AssertionError("the last attempt returns or raises")

    async def put(self, key: str, value: bytes) -> None:
        """Raises AgentFailed for a result over MAX_STEP_BYTES."""
        if len(value) > MAX_STEP_BYTES:
            raise AgentFailed(
                f"The result of step {key[:60]!r} has {len(value)} bytes; "
                f"a step may keep {MAX_STEP_BYTES}. Split the step."
            )
        async for attempt in patiently(_REDIS_MAY_BE_AWAY_S):
            with attempt, redis_errors():
                pipeline = self._redis.pipeline(transaction=True)
                pipeline.hset(self._key, key, value)
                pipeline.expire(self._key, self._ttl_s)
                await pipeline.execute()
