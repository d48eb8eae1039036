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


def require_reachable(settings: Settings) -> None:
    """Raises Unavailable or Misconfigured if a Redis or database that is named can't be used."""
    asyncio.run(_require_reachable(settings))


async def _require_reachable(settings: Settings) -> None:
    if settings.redis_url is not None:
        await _require_redis(settings)
    if settings.database_url is not None:
        await _require_database(settings)


async def _require_redis(settings: Settings) -> None:
    from backend.worker.redis_client import (
        REDIS_AWAY,
        connect_for_requests,
        require_noeviction,
    )

    redis = connect_for_requests(settings.redis_dsn())
    try:
        await require_noeviction(redis)
    except REDIS_AWAY:
        raise Unavailable(
            f"No Redis can be reached at {describe_redis(settings)}. Start it, or unset REDIS_URL "
            "for an embedded one."
        ) from None
    finally:
        await redis.aclose()


async def _require_database(settings: Settings) -> None:
    from backend.db.upgrade import upgrade

    try:
        await upgrade(settings)
    except Unavailable:
        raise Unavailable(
            f"No database can be reached at {describe_database(settings)}. Start it, or unset "
            "DATABASE_URL for SQLite."
        ) from None
