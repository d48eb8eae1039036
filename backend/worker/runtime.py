"""What running a job needs, opened once per process: settings, database, Redis, the event log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.models import aclose_models
from backend.db.engine import create_engine
from backend.settings import Settings, get_settings
from backend.worker.events import EventLog
from backend.worker.redis_client import connect_for_work


@dataclass(frozen=True)
class Runtime:
    """Shared by all jobs of a process; belongs to one event loop."""

    settings: Settings
    engine: AsyncEngine
    redis: Redis
    events: EventLog


_current: ContextVar[Runtime | None] = ContextVar("offstage_runtime", default=None)


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Open what jobs need; inside, `current_runtime` finds it."""
    async with AsyncExitStack() as stack:
        engine = create_engine(settings)
        stack.push_async_callback(engine.dispose)
        redis = connect_for_work(settings.redis_dsn())
        stack.push_async_callback(redis.aclose)
        stack.push_async_callback(aclose_models)
        events = await stack.enter_async_context(EventLog(redis, settings.agent_result_ttl))
        runtime = Runtime(settings, engine, redis, events)
        token = _current.set(runtime)
        try:
            yield runtime
        finally:
            _current.reset(token)


@asynccontextmanager
async def current_runtime() -> AsyncIterator[Runtime]:
    """The process's runtime; under a stock `rq worker`, one of this job's own."""
    known = _current.get()
    if known is not None:
        yield known
        return
    async with open_runtime(get_settings()) as runtime:
        yield runtime
