"""Looks before anything starts: what is set up wrongly becomes a message, not a failing child."""

from __future__ import annotations

import asyncio

from redis import Redis

from backend.cli.config import describe_database, describe_redis
from backend.errors import Misconfigured, Unavailable
from backend.settings import Settings


def require_usable(settings: Settings) -> None:
    """Raises Misconfigured for a setting that isn't supported or has the wrong form."""
    refused = settings.unsupported()
    if refused:
        raise Misconfigured(" ".join(refused))
    try:
        Redis.from_url(settings.redis_dsn()).close()
    except ValueError:
        raise Misconfigured(
            "REDIS_URL isn't the address of a Redis. Its form is redis://host:6379/0."
        ) from None


def require_named_servers(settings: Settings) -> None:
    """Looks at a Redis and a database that are named; embedded ones are started later.

    Raises Unavailable or Misconfigured.
    """
    if settings.redis_url is not None:
        require_redis(settings)
    if settings.database_url is not None:
        _require_database(settings)


def require_redis(settings: Settings) -> None:
    """Raises Unavailable if Redis, embedded or named, doesn't answer; Misconfigured if it may
    drop jobs."""
    from backend.worker.redis_client import REDIS_AWAY, connect_for_requests, require_noeviction

    async def ask() -> None:
        redis = connect_for_requests(settings.redis_dsn())
        try:
            await require_noeviction(redis)
        finally:
            await redis.aclose()

    try:
        asyncio.run(ask())
    except REDIS_AWAY:
        raise Unavailable(_no_redis(settings)) from None


def _no_redis(settings: Settings) -> str:
    if settings.redis_url is None:
        return (
            f"No embedded Redis runs on {settings.offstage_data_dir}. Start `offstage up` first, "
            "or name a Redis with REDIS_URL."
        )
    return (
        f"No Redis can be reached at {describe_redis(settings)}. Start it, or unset REDIS_URL "
        "for an embedded one."
    )


def _require_database(settings: Settings) -> None:
    from backend.db.upgrade import upgrade

    try:
        asyncio.run(upgrade(settings))
    except Unavailable:
        raise Unavailable(
            f"No database can be reached at {describe_database(settings)}. Start it, or unset "
            "DATABASE_URL for SQLite."
        ) from None
