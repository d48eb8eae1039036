"""How the whole fleet stands: what Redis has counted, what waits and runs, who works."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from redis.asyncio import Redis
from rq.utils import utcparse

from backend.telemetry.metrics import FleetCounts, fleet_counts
from backend.worker import keys


async def count_workers(redis: Redis, names: keys.QueueKeys) -> int:
    """How many workers of a queue have lately been heard of."""
    workers = sorted(await redis.smembers(names.workers))
    pipeline = redis.pipeline(transaction=False)
    for name in workers:
        pipeline.hmget(name, "birth", "death")
    seen = await pipeline.execute()
    return sum(1 for birth, death in seen if birth and not death)


async def count_fleet(redis: Redis, names: keys.QueueKeys) -> FleetCounts:
    """The counters, and one queue."""
    pipeline = redis.pipeline(transaction=False)
    pipeline.hgetall(keys.METRICS_KEY)
    pipeline.llen(names.queue)
    pipeline.zcard(names.scheduled)
    pipeline.zcard(names.wip)
    pipeline.lindex(names.queue, 0)
    pipeline.zcard(names.held)
    pipeline.zrange(names.held, 0, 0)
    counted, queued, scheduled, running, first, outside, first_outside = await pipeline.execute()
    waiting = [job_id for job_id in (first, *first_outside) if job_id]
    since = [await redis.hget(keys.job_key(job_id.decode()), "created_at") for job_id in waiting]
    return fleet_counts(
        counted,
        queued=queued + outside,
        held=await _count_held(redis, names),
        scheduled=scheduled,
        running=running,
        workers=await count_workers(redis, names),
        oldest_wait_s=max((_age_s(cast("bytes | None", each)) for each in since), default=0.0),
    )


async def _count_held(redis: Redis, names: keys.QueueKeys) -> int:
    """Jobs that a cap holds back: all of a user whose cap is reached, and those in other shares."""
    pipeline = redis.pipeline(transaction=False)
    pipeline.zrangebyscore(names.turns, "+inf", "+inf")
    pipeline.smembers(names.holding)
    users, shares = await pipeline.execute()
    for user in users:
        pipeline.zcard(names.line(user.decode()))
    for share in shares:
        pipeline.zcard(names.held_in(share.decode()))
    return sum(await pipeline.execute())


def _age_s(created_at: bytes | None) -> float:
    if created_at is None:
        return 0.0
    return max(0.0, (datetime.now(UTC) - utcparse(created_at.decode())).total_seconds())
