"""The composition root: what handlers need is put together here and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.models import aclose_models
from backend.api.auth.caller import Caller, caller_of
from backend.api.auth.modes import Authenticator, create_authenticator
from backend.api.limits_book import LimitsBook
from backend.api.live import Live
from backend.api.material_reading import MaterialReader
from backend.db.engine import create_engine
from backend.db.upgrade import upgrade_engine
from backend.errors import Misconfigured
from backend.settings import Settings
from backend.telemetry.logging import get_logger
from backend.worker.changes import JobChanges
from backend.worker.event_reader import EventReader
from backend.worker.events import EventLog
from backend.worker.limiting import require_known_agents
from backend.worker.queue import JobQueue
from backend.worker.redis_client import (
    REDIS_AWAY,
    connect_for_listening,
    connect_for_requests,
    require_noeviction,
)
from backend.worker.runtime import Runtime

_log = get_logger("offstage.api")


@dataclass(frozen=True)
class Services:
    """Opened once per process; belongs to one event loop."""

    settings: Settings
    engine: AsyncEngine
    queue: JobQueue
    live: Live
    reader: MaterialReader
    runtime: Runtime
    authenticator: Authenticator
    limits: LimitsBook


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Check the settings, bring the database up to date, open what handlers need; close it after.

    Redis may be away: requests that need it are answered 503 until it is back.
    Raises Misconfigured, and Unavailable when the database can't be reached.
    """
    refused = settings.unsupported()
    if refused:
        raise Misconfigured(" ".join(refused))
    require_known_agents(settings)
    async with AsyncExitStack() as stack:
        engine = create_engine(settings)
        stack.push_async_callback(engine.dispose)
        await upgrade_engine(engine)
        authenticator = create_authenticator(settings, engine)
        stack.push_async_callback(authenticator.aclose)
        redis = connect_for_requests(settings.redis_dsn())
        stack.push_async_callback(redis.aclose)
        try:
            await require_noeviction(redis)
        except REDIS_AWAY:
            _log.warning("redis is away: jobs are refused until it is back")
        listening = connect_for_listening(settings.redis_dsn())
        stack.push_async_callback(listening.aclose)
        changes = await stack.enter_async_context(JobChanges(listening))
        queue = JobQueue(redis, settings)
        stack.push_async_callback(aclose_models)
        runtime = Runtime(settings, engine, redis, EventLog(redis, settings))
        yield Services(
            settings=settings,
            engine=engine,
            queue=queue,
            live=Live(queue, changes, EventReader(redis)),
            reader=MaterialReader(settings),
            runtime=runtime,
            authenticator=authenticator,
            limits=LimitsBook(engine, settings),
        )


# Coroutines, all of them: FastAPI would run plain functions in a thread, at five times the cost of
# the rest of a small request. And none depends on another, for the same reason.
async def _services(request: Request) -> Services:
    return services_of(request)


async def _settings(request: Request) -> Settings:
    return services_of(request).settings


async def _engine(request: Request) -> AsyncEngine:
    return services_of(request).engine


async def _queue(request: Request) -> JobQueue:
    return services_of(request).queue


async def _live(request: Request) -> Live:
    return services_of(request).live


async def _reader(request: Request) -> MaterialReader:
    return services_of(request).reader


async def _authenticator(request: Request) -> Authenticator:
    return services_of(request).authenticator


async def _caller(request: Request) -> Caller:
    return caller_of(request.scope)


def services_of(request: Request) -> Services:
    """What the process has open, for a handler that is asked too often to declare what it needs."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]
SettingsDep = Annotated[Settings, Depends(_settings)]
EngineDep = Annotated[AsyncEngine, Depends(_engine)]
QueueDep = Annotated[JobQueue, Depends(_queue)]
LiveDep = Annotated[Live, Depends(_live)]
ReaderDep = Annotated[MaterialReader, Depends(_reader)]
AuthenticatorDep = Annotated[Authenticator, Depends(_authenticator)]
CallerDep = Annotated[Caller, Depends(_caller)]
"""Who is asking. A route whose answer lasts asks `caller.still_valid()` every 20 s or less."""

PageLimit = Annotated[int, Query(ge=1, le=100, description="How many items a page has at most")]
PageCursor = Annotated[
    str | None, Query(max_length=200, description="The `nextCursor` of the page before")
]
