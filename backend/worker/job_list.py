"""Lists of jobs, newest first, from the index that a user and a session each have in Redis."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, cast

from redis.asyncio import Redis

from backend.db.paging import bad_cursor, decode_cursor, encode_cursor
from backend.worker import keys
from backend.worker.job_view import VIEW_FIELDS, JobView, view_of

_READ_AT_ONCE = 100
# Who asks for the few failed among many jobs gets what these hold, and asks on.
_MOST_READ = 2_000


@dataclass(frozen=True)
class JobPage:
    """Jobs, newest first; `next_cursor` is None on the last page, and only there."""

    items: list[JobView]
    next_cursor: str | None


class _Place(NamedTuple):
    """In an index. Redis orders by time, and by id where times are the same; so do tuples."""

    created: float
    job_id: str


async def read_page(
    redis: Redis, index: str, wanted: Callable[[JobView], bool], *, limit: int, cursor: str | None
) -> JobPage:
    """The next `limit` jobs of `index` that are `wanted`, or those among the next 2,000.

    The cursor names a place, so that jobs which come or expire meanwhile shift nothing.
    Raises InvalidQuery for a cursor that no list gave out.
    """
    place = _decode(cursor)
    found: list[JobView] = []
    # Mostly the first ones are those asked for; where they aren't, many more may have to be read.
    at_once = min(limit, _READ_AT_ONCE)
    read = 0
    while True:
        listed, is_last = await _after(redis, index, place, at_once)
        read += len(listed)
        at_once = _READ_AT_ONCE
        for view, at in await _views(redis, index, listed):
            if wanted(view):
                found.append(view)
            if len(found) == limit:
                return JobPage(found, encode_cursor(repr(at.created), at.job_id))
        if is_last:
            return JobPage(found, None)
        place = listed[-1]
        if read >= _MOST_READ:
            return JobPage(found, encode_cursor(repr(place.created), place.job_id))


async def _after(
    redis: Redis, index: str, place: _Place, at_once: int
) -> tuple[list[_Place], bool]:
    """Some places after this one, at least one unless they are the last."""
    skipped = 0
    while True:
        newest = repr(place.created)
        found = cast(
            "list[tuple[bytes, float]]",
            await redis.zrevrangebyscore(
                index, newest, "-inf", start=skipped, num=at_once, withscores=True
            ),
        )
        places = [_Place(created, job_id.decode()) for job_id, created in found]
        after = [each for each in places if each < place]
        is_last = len(found) < at_once
        if after or is_last:
            return after, is_last
        skipped += len(found)


async def _views(redis: Redis, index: str, listed: list[_Place]) -> list[tuple[JobView, _Place]]:
    """What is listed and still there; jobs that have expired leave the index."""
    pipeline = redis.pipeline(transaction=False)
    for place in listed:
        pipeline.hmget(keys.job_key(place.job_id), VIEW_FIELDS)
    answers = await pipeline.execute()
    views: list[tuple[JobView, _Place]] = []
    expired: list[str] = []
    for place, values in zip(listed, answers, strict=True):
        pairs = zip(VIEW_FIELDS, values, strict=True)
        raw = {name.encode(): value for name, value in pairs if value is not None}
        if not raw:
            expired.append(place.job_id)
        elif view := view_of(place.job_id, raw):
            views.append((view, place))
    if expired:
        await redis.zrem(index, *expired)
    return views


def _decode(cursor: str | None) -> _Place:
    if cursor is None:
        return _Place(math.inf, "")
    created, job_id = decode_cursor(cursor, 2)
    try:
        place = _Place(float(created), job_id)
    except ValueError:
        raise bad_cursor() from None
    if not math.isfinite(place.created):
        raise bad_cursor()
    return place
