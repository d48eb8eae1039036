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
from backend.telemetry.logging import configure_logging
from backend.telemetry.tracing import configure_tracing, flush_traces
from backend.worker.events import EventLog
from backend.worker.redis_client import connect_for_work
from backend.worker.scripts import Scripts


@dataclass(frozen=True)
class Runtime:
    """Shared by all jobs of a process; belongs to one event loop."""

    settings: Settings
    engine: AsyncEngine
    redis: Redis
    events: EventLog

    @property
    def scripts(self) -> Scripts:
        return Scripts(self.redis)


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
        events = await stack.enter_async_context(EventLog(redis, settings))
        runtime = Runtime(settings, engine, redis, events)
        token = _current.set(runtime)
        try:
            yield runtime
        finally:
            _current.reset(token)


@asynccontextmanager
async def current_runtime() -> AsyncIterator[Runtime]:
    """The process's runtime; under a stock `rq worker`, one of this job's own.

    There it sets up logs and traces too, and sends the traces off: the process ends with the job.
    """
    known = _current.get()
    if known is not None:
        yield known
        return
    settings = get_settings()
    configure_logging(settings)
    configure_tracing(settings, "agents-worker")
    try:
        async with open_runtime(settings) as runtime:
            yield runtime
    finally:
        flush_traces()
