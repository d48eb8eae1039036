"""Lists of jobs, newest first, from the index that a user and a session each have in Redis."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from backend.db.paging import bad_cursor, decode_cursor, encode_cursor
from backend.worker import keys
from backend.worker.job import JobView, view_of

_READ_AT_ONCE = 100


@dataclass(frozen=True)
class JobPage:
    """Jobs, newest first; `next_cursor` is None on the last page."""

    items: list[JobView]
    next_cursor: str | None


async def read_page(
    redis: Redis, index: str, wanted: Callable[[JobView], bool], *, limit: int, cursor: str | None
) -> JobPage:
    """The next `limit` jobs of `index` that are `wanted`.

    The cursor names a creation time, so that jobs which come or expire meanwhile shift nothing.
    Raises InvalidQuery for a cursor that no list gave out.
    """
    before = _decode(cursor)
    found: list[JobView] = []
    while True:
        listed = await _older_than(redis, index, before)
        for view, created in await _views(redis, index, listed):
            before = created
            if wanted(view):
                found.append(view)
            if len(found) == limit:
                return JobPage(found, encode_cursor(repr(before)))
        if len(listed) < _READ_AT_ONCE:
            return JobPage(found, None)
        before = listed[-1][1]


async def _older_than(redis: Redis, index: str, before: float) -> list[tuple[bytes, float]]:
    newest = "+inf" if math.isinf(before) else f"({before!r}"
    found = await redis.zrevrangebyscore(
        index, newest, "-inf", start=0, num=_READ_AT_ONCE, withscores=True
    )
    return cast("list[tuple[bytes, float]]", found)


async def _views(
    redis: Redis, index: str, listed: list[tuple[bytes, float]]
) -> list[tuple[JobView, float]]:
    """What is listed and still there; jobs that have expired leave the index."""
    pipeline = redis.pipeline(transaction=False)
    for job_id, _ in listed:
        pipeline.hgetall(keys.job_key(job_id.decode()))
    hashes = await pipeline.execute()
    expired = [job_id for (job_id, _), raw in zip(listed, hashes, strict=True) if not raw]
    if expired:
        await redis.zrem(index, *expired)
    views = [
        (view_of(job_id.decode(), raw), created)
        for (job_id, created), raw in zip(listed, hashes, strict=True)
    ]
    return [(view, created) for view, created in views if view is not None]


def _decode(cursor: str | None) -> float:
    if cursor is None:
        return math.inf
    (position,) = decode_cursor(cursor, 1)
    try:
        before = float(position)
    except ValueError:
        raise bad_cursor() from None
    if not math.isfinite(before):
        raise bad_cursor()
    return before
