"""What every worker owes a job: ours and a stock `rq worker`, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as SyncRedis
from rq import Callback, Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import materials, sessions
from backend.db.artifact_tables import tables_of
from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import upgrade_engine
from backend.domain.artifacts import SYNOPSIS
from backend.domain.events import Usage
from backend.domain.states import JobState
from backend.settings import Settings
from backend.telemetry.metrics import render_metrics
from backend.worker.job import AgentJob
from backend.worker.keys import QueueKeys
from backend.worker.recovery import Recovery
from backend.worker.submission import Submission
from tests.fixtures.offstage import (
    ONLY_AGENT_JOBS,
    USER,
    Jobs,
    open_jobs,
    process,
    running_worker,
    stock_worker,
)

LECTURE = (
    "A queue keeps tasks until a worker takes them. A worker is a process that runs tasks one "
    "after another. A lease is a promise to finish within some seconds, renewed by a heartbeat. "
    "When the lease of a task ends, another worker may take it. Idempotency means that doing a "
    "thing twice changes nothing more than doing it once."
)


@dataclass(frozen=True)
class Fleet:
    """A worker at work, the queue before it and the database behind it."""

    jobs: Jobs
    engine: AsyncEngine

    async def session_with_lecture(self) -> str:
        async with UnitOfWork(self.engine) as uow:
            session = await sessions.create(uow, USER, {"title": "Queues"})
            lecture = materials.NewMaterial(title="Lecture", text=LECTURE, format="txt")
            await materials.add(uow, USER, session.id, lecture)
            await uow.commit()
        return session.id

    async def make_notes(self, session_id: str, **wanted: Any) -> str:
        accepted = await self.jobs.submit(
            "synopsis_manager", session_id, memory="backend", **wanted
        )
        return accepted.job_id

    async def versions(self, session_id: str) -> list[Any]:
        heads, versions = tables_of(SYNOPSIS).heads, tables_of(SYNOPSIS).versions
        of_session = (
            select(versions)
            .join(heads, heads.c.id == versions.c.artifact_id)
            .where(heads.c.session_id == session_id)
        )
        async with UnitOfWork(self.engine, read_only=True) as uow:
            return list(await uow.connection.execute(of_session))


class StockWorkers:
    """Stock workers, one for each kind of database, started when first asked for.

    Each has a queue of its own. `--config` makes rq import our task before it forks, which saves
    every job two seconds; `test_the_plain_command_will_do` does without.
    """

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack = stack
        self._folder = folder
        self._started: dict[str, Settings] = {}

    def settings(self, database: str, redis_url: str, request: pytest.FixtureRequest) -> Settings:
        if database not in self._started:
            settings = Settings(
                _env_file=None,
                redis_url=redis_url,
                database_url=self._database_url(database, request),
                offstage_data_dir=self._folder,
                agent_queue=f"stock-{database}",
            )
            preloaded = [*ONLY_AGENT_JOBS, "--config", "backend.worker.tasks"]
            log = self._folder / f"{database}.log"
            command = stock_worker(settings.agent_queue, *preloaded)
            self._stack.enter_context(process(command, settings, log))
            self._started[database] = settings
        return self._started[database]

    def _database_url(self, database: str, request: pytest.FixtureRequest) -> str:
        if database == "sqlite":
            return f"sqlite:///{self._folder / 'stock.db'}"
        server = request.getfixturevalue("postgres_server")
        name = server.create_database()
        self._stack.callback(server.drop_database, name)
        url: str = server.url(name)
        return url


@pytest.fixture(scope="module")
def stock_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StockWorkers]:
    with ExitStack() as stack:
        yield StockWorkers(stack, tmp_path_factory.mktemp("stock"))


@asynccontextmanager
async def _fleet(settings: Settings, *, with_our_worker: bool) -> AsyncIterator[Fleet]:
    async with AsyncExitStack() as stack:
        engine = create_engine(settings)
        stack.push_async_callback(engine.dispose)
        await upgrade_engine(engine)
        jobs = await stack.enter_async_context(open_jobs(settings))
        if with_our_worker:
            await stack.enter_async_context(running_worker(settings))
        yield Fleet(jobs, engine)


async def _open_fleet(
    kind: str, database: str, request: pytest.FixtureRequest, redis_url: str, tmp_path: Path
) -> AsyncIterator[Fleet]:
    if kind == "ours":
        settings = Settings(
            _env_file=None,
            redis_url=redis_url,
            database_url=request.getfixturevalue(f"{database}_url"),
            offstage_data_dir=tmp_path,
        )
    else:
        workers: StockWorkers = request.getfixturevalue("stock_workers")
        settings = workers.settings(database, redis_url, request)
    async with _fleet(settings, with_our_worker=kind == "ours") as fleet:
        yield fleet


@pytest.fixture(params=["ours", "stock"])
async def fleet(
    request: pytest.FixtureRequest, redis_url: str, tmp_path: Path
) -> AsyncIterator[Fleet]:
    async for opened in _open_fleet(request.param, "sqlite", request, redis_url, tmp_path):
        yield opened


@pytest.fixture(
    params=[(kind, db) for kind in ("ours", "stock") for db in ("sqlite", "postgres")],
    ids="-".join,
)
async def sql_fleet(
    request: pytest.FixtureRequest, redis_url: str, tmp_path: Path
) -> AsyncIterator[Fleet]:
    async for opened in _open_fleet(*request.param, request, redis_url, tmp_path):
        yield opened


async def test_a_job_is_done_told_and_counted_once(fleet: Fleet) -> None:
    job_id = await fleet.jobs.smoke(echo="hello", steps=2, progress=3)
    view = await fleet.jobs.ended(job_id)

    assert (view.state, view.attempt, view.error) == (JobState.DONE, 1, None)
    assert view.started_at is not None
    assert view.ended_at is not None
    assert view.created_at <= view.started_at <= view.ended_at
    assert view.progress is not None
    assert (view.progress.done, view.progress.total) == (3, 3)
    assert await fleet.jobs.result(job_id) == {
        "output": {"echo": "hello", "steps_run": 2, "attempt": 1, "payload": ""},
        "artifact": None,
        "usage": Usage().model_dump(mode="json", exclude={"type"}),
    }
    told = await fleet.jobs.events(job_id)
    assert [each.seq for each in told] == [1, 2, 3, 4, 5]
    assert [each.event.type for each in told] == [
        *("run_started", "progress", "progress", "progress", "final_result")
    ]
    assert {each.job_id for each in told} == {job_id}
    rendered = render_metrics(await fleet.jobs.queue.fleet_counts()).decode()
    assert 'jobs_total{status="done",type="smoke@v1"} 1.0' in rendered
    assert 'job_duration_seconds_count{type="smoke@v1"} 1.0' in rendered


async def test_everything_of_an_ended_job_expires_and_its_claim_is_free(fleet: Fleet) -> None:
    for query in ({"steps": 1}, {"fail": "error"}):
        job_id = await fleet.jobs.smoke(**query)
        await fleet.jobs.ended(job_id)
        found = await fleet.jobs.keys_of(job_id)
        assert f"offstage:claim:{USER}:agent:smoke@v1:session:s1" in found
        assert {name: ttl for name, ttl in found.items() if not 0 < ttl <= 86_400} == {}

        again = await fleet.jobs.submit("smoke", query=query)
        assert not again.deduplicated
        assert again.job_id != job_id
        await fleet.jobs.ended(again.job_id)


@pytest.mark.parametrize(
    ("fail", "code"),
    [
        ("error", "agent_error"),
        ("invalid_output", "invalid_output"),
        ("provider_401", "provider_error"),
    ],
)
async def test_what_another_try_cannot_help_fails_at_once(
    fleet: Fleet, fail: str, code: str
) -> None:
    job_id = await fleet.jobs.smoke(fail=fail)
    view = await fleet.jobs.ended(job_id)

    assert view.error is not None
    assert (view.state, view.attempt) == (JobState.FAILED, 1)
    assert (view.error.code, view.error.retryable) == (code, False)
    assert "smoke was asked" not in view.error.message
    assert (await fleet.jobs.event_types(job_id))[-1] == "error"
    assert await fleet.jobs.counted() == {("smoke@v1", "failed"): 1}


async def test_a_busy_provider_is_tried_again_after_two_minutes(fleet: Fleet) -> None:
    job_id = await fleet.jobs.smoke(fail="provider_429", fail_times=1, steps=3)
    queued = QueueKeys(fleet.jobs.settings.agent_queue)

    async def in_registry() -> float | None:
        return await fleet.jobs.redis.zscore(queued.scheduled, job_id)

    due = await fleet.jobs.until_changed("rq:*", in_registry)
    view = await fleet.jobs.look(job_id)
    assert view.state is JobState.QUEUED
    assert view.error is not None
    assert (view.error.code, view.error.retryable) == ("provider_error", True)
    assert view.retry_at is not None
    two_minutes = datetime.now(UTC) + timedelta(seconds=120)
    assert abs(view.retry_at - two_minutes) < timedelta(seconds=10)
    assert abs(due - two_minutes.timestamp()) < 10
    assert (await fleet.jobs.event_types(job_id))[-1] == "retry_scheduled"
    assert await fleet.jobs.counted() == {}
    assert (await fleet.jobs.submit("smoke")).job_id == job_id

    await fleet.jobs.make_retry_due(job_id)
    await Recovery(fleet.jobs.redis, fleet.jobs.settings).tick()
    view = await fleet.jobs.ended(job_id)
    assert (view.state, view.attempt, view.retry_at) == (JobState.DONE, 2, None)
    # The steps of the first attempt were kept, so the second one ran none.
    assert (await fleet.jobs.result(job_id))["output"]["steps_run"] == 0
    assert await fleet.jobs.counted() == {("smoke@v1", "done"): 1}


async def test_notes_are_saved_once_with_what_made_them(sql_fleet: Fleet) -> None:
    session_id = await sql_fleet.session_with_lecture()
    job_id = await sql_fleet.make_notes(session_id)
    view = await sql_fleet.jobs.ended(job_id)
    assert view.error is None
    assert view.usage is not None
    [row] = await sql_fleet.versions(session_id)
    assert (row.job_id, row.attempt, row.number, row.kind) == (job_id, 1, 1, "agent")
    assert row.provenance["jobId"] == job_id
    assert row.provenance["model"] == "offline:extractive"
    assert row.provenance["requests"] == view.usage.requests > 0
    assert row.content["items"]
    assert view.artifact is not None
    assert (view.artifact.kind, view.artifact.version) == ("synopsis", 1)
    assert "artifact_saved" in await sql_fleet.jobs.event_types(job_id)
    first = await sql_fleet.jobs.result(job_id)
    assert first["output"] == row.content

    # The same job once more, as after a worker that died between its commit and its settling.
    redis, queue = sql_fleet.jobs.redis, sql_fleet.jobs.settings.agent_queue
    await redis.hset(f"rq:job:{job_id}", mapping={"status": "queued", "agent_crashes": "1"})
    await redis.delete(f"rq:results:{job_id}")
    await redis.rpush(QueueKeys(queue).queue, job_id)
    view = await sql_fleet.jobs.until(
        job_id, lambda view: view.state is JobState.DONE and view.attempt == 2
    )
    assert len(await sql_fleet.versions(session_id)) == 1
    again = await sql_fleet.jobs.result(job_id)
    assert again == first


async def test_without_side_effects_nothing_is_saved(sql_fleet: Fleet) -> None:
    session_id = await sql_fleet.session_with_lecture()
    job_id = await sql_fleet.make_notes(session_id, apply_side_effects=False)
    view = await sql_fleet.jobs.ended(job_id)
    assert (view.error, view.artifact) == (None, None)
    result = await sql_fleet.jobs.result(job_id)
    assert result["output"]["items"]
    assert result["artifact"] is None
    assert await sql_fleet.versions(session_id) == []


async def test_a_chain_runs_link_by_link_and_goes_on_where_it_failed(fleet: Fleet) -> None:
    session_id = await fleet.session_with_lecture()
    jobs, failing = fleet.jobs, {"fail": "error", "fail_times": 1}
    wanted = [
        Submission("smoke", "v1", session_id, USER, failing),
        Submission("synopsis_manager", "v1", session_id, USER, {}, memory="backend"),
    ]
    accepted = await jobs.queue.submit_chain(wanted)
    (first, waits), (notes, notes_wait) = accepted.links
    assert (waits, notes_wait) == (None, first.job_id)

    failed = await jobs.until(first.job_id, lambda view: view.state is JobState.FAILED)
    assert failed.held_back == (notes.job_id,)
    assert (await jobs.look(notes.job_id)).waits_for == first.job_id
    # A new job counts its attempts anew: this one is to do.
    anew = await jobs.submit("smoke", session_id)
    assert (await jobs.look(notes.job_id)).waits_for == anew.job_id
    for each in (anew.job_id, notes.job_id):
        assert (await jobs.ended(each)).state is JobState.DONE
    assert len(await fleet.versions(session_id)) == 1
    left = {key.decode() async for key in jobs.redis.scan_iter("rq:*depend*")}
    assert {name for name in left if await jobs.redis.ttl(name) < 0} == set()


async def test_a_foreign_function_and_foreign_callbacks_are_refused(
    fleet: Fleet, tmp_path: Path
) -> None:
    """Whoever can write to Redis could name any function there, or an address to call."""
    marker = tmp_path / "ran"
    with SyncRedis.from_url(fleet.jobs.settings.redis_dsn()) as connection:
        queue = Queue(
            fleet.jobs.settings.agent_queue, connection=connection, serializer=JSONSerializer
        )
        touch = f"touch {marker}"
        foreign = queue.enqueue(
            "os.system", touch, on_failure=Callback("os.system"), on_success=Callback("os.system")
        )
        await _until_ended(fleet.jobs, foreign.id)
        failed = Job.fetch(foreign.id, connection=connection, serializer=JSONSerializer)
        assert failed.get_status() == "failed"
    assert not marker.exists()
    # The worker lives on.
    assert (await fleet.jobs.ended(await fleet.jobs.smoke())).state is JobState.DONE


async def test_a_job_that_cannot_be_read_fails_and_says_so(fleet: Fleet) -> None:
    with SyncRedis.from_url(fleet.jobs.settings.redis_dsn()) as connection:
        queue = Queue(
            fleet.jobs.settings.agent_queue,
            connection=connection,
            serializer=JSONSerializer,
            job_class=AgentJob,
        )
        unreadable = queue.enqueue(
            "backend.worker.tasks.run_agent_job", {"secret-canary": "of another version"}
        )
        await _until_ended(fleet.jobs, unreadable.id)
        failed = AgentJob.fetch(unreadable.id, connection=connection, serializer=JSONSerializer)
        assert failed.get_status() == "failed"
        result = failed.latest_result()
        assert result is not None
        assert "can't be read" in str(result.exc_string)
        assert "canary" not in str(result.exc_string)


async def _until_ended(jobs: Jobs, job_id: str) -> None:
    """For jobs that aren't ours, which our queue doesn't show."""

    async def ended() -> bool:
        return await jobs.redis.hget(f"rq:job:{job_id}", "status") in (b"failed", b"finished")

    await jobs.until_changed(f"rq:job:{job_id}", ended)


async def test_the_plain_command_will_do(
    job_settings: Settings, job_engine: AsyncEngine, jobs: Jobs, tmp_path: Path
) -> None:
    """`rq worker agents --serializer …` as it is, leaving when the queue is empty."""
    job_id = await jobs.smoke(echo="stock")
    log = tmp_path / "rq.log"
    with process(stock_worker(job_settings.agent_queue, "--burst"), job_settings, log) as plain:
        assert await asyncio.to_thread(plain.popen.wait, 30) == 0, plain.log()
    assert (await jobs.look(job_id)).state is JobState.DONE
    assert (await jobs.result(job_id))["output"]["echo"] == "stock"
