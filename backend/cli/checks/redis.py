"""The Redis that jobs live in, and the workers it has heard of."""

from __future__ import annotations

import re
from typing import Any

from redis.asyncio import Redis

from backend.cli.checks.findings import Finding, broken, ok, warning
from backend.cli.config import without_secrets
from backend.errors import OffstageError
from backend.settings import Settings
from backend.supervisor.errors import NoRedis
from backend.supervisor.redis_binary import find_redis
from backend.worker.queue import JobQueue
from backend.worker.redis_client import connect_for_requests, redis_errors, require_noeviction

_OLDEST = (6, 2)  # LMOVE and BLMOVE, which the queue is built on


async def check_redis(settings: Settings, *, is_running: bool) -> list[Finding]:
    """`is_running`: an Offstage runs here, so that an embedded Redis must answer."""
    if settings.redis_url is None and not is_running:
        return [_check_binary()]
    where = "embedded" if settings.redis_url is None else without_secrets(settings.redis_dsn())
    try:
        redis = connect_for_requests(settings.redis_dsn())
    except ValueError:
        return [broken("Redis", "REDIS_URL isn't a Redis URL", "Use redis://host:6379/0.")]
    try:
        return await _check_server(redis, where, settings)
    except OffstageError as error:
        return [broken("Redis", f"{where}: {error.message}", "Start it, or correct REDIS_URL.")]
    finally:
        await redis.aclose()


def _check_binary() -> Finding:
    try:
        binary = find_redis()
    except NoRedis as error:
        return broken("Redis", "none to embed", error.message)
    major, minor = binary.version
    return ok("Redis", f"embedded when Offstage runs: {binary.path}, {major}.{minor}")


async def _check_server(redis: Redis, where: str, settings: Settings) -> list[Finding]:
    with redis_errors():
        info: dict[str, Any] = await redis.info("server")
    version = str(info.get("redis_version", "?"))
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < _OLDEST:
        return [broken("Redis", f"{where}, {version}", "Offstage needs 6.2 or newer.")]
    await require_noeviction(redis)
    workers = await JobQueue(redis, settings).workers_seen()
    return [ok("Redis", f"{where}, {version}, drops no jobs (noeviction)"), _workers(workers)]


def _workers(count: int) -> Finding:
    if count:
        return ok("workers", f"{count} at work")
    return warning(
        "workers", "none seen", "Start one with `offstage worker`, or all with `offstage up`."
    )
