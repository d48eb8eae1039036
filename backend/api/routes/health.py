"""Whether Offstage is well."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.api.deps import EngineDep, QueueDep
from backend.api.problems import problem_response, problems
from backend.api.schemas.health import Alive, NotReady, Part, Ready
from backend.db.unit_of_work import UnitOfWork
from backend.errors import Unavailable
from backend.telemetry.metrics import CONTENT_TYPE, render_metrics
from backend.worker.queue import JobQueue

router = APIRouter(tags=["health"])

_DATABASE_TIMEOUT_S = 3


@router.get("/healthz")
async def healthz() -> Alive:
    """The process answers; says nothing of what it depends on."""
    return Alive()


@router.get("/readyz", response_model=Ready, responses=problems(of_503=NotReady))
async def readyz(engine: EngineDep, queue: QueueDep) -> Ready | JSONResponse:
    """Redis answers, the database answers, and a worker has been heard of lately."""
    has_database, workers = await asyncio.gather(_database_answers(engine), _workers(queue))
    missing: list[Part] = []
    if workers is None:
        missing.append("redis")
    if not has_database:
        missing.append("database")
    if workers == 0:
        missing.append("worker")
    if not missing:
        return Ready(workers=workers or 0)
    return problem_response(
        503,
        "not_ready",
        "Not ready",
        f"Missing: {', '.join(missing)}.",
        headers={"Retry-After": "2"},
        extensions={"missing": missing},
    )


@router.get("/metrics", response_class=PlainTextResponse, responses=problems(503))
async def metrics(queue: QueueDep) -> Response:
    """Prometheus' text format: what the whole fleet has done. Scrape one API process."""
    return Response(render_metrics(await queue.fleet_counts()), media_type=CONTENT_TYPE)


async def _database_answers(engine: AsyncEngine) -> bool:
    try:
        async with (
            asyncio.timeout(_DATABASE_TIMEOUT_S),
            UnitOfWork(engine, read_only=True) as uow,
        ):
            await uow.connection.execute(text("SELECT 1"))
    except (Unavailable, TimeoutError):
        return False
    return True


async def _workers(queue: JobQueue) -> int | None:
    """How many workers there are; None if Redis can't tell."""
    try:
        return await queue.workers_seen()
    except Unavailable:
        return None
