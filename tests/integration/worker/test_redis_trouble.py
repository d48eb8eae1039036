"""Redis away, emptied, full or set up wrongly."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.agents.context import AgentContext
from backend.api.app import create_app
from backend.domain.events import FinalResult, RunEvent
from backend.domain.states import JobState
from backend.errors import Misconfigured, NotFound
from backend.settings import Settings
from backend.supervisor.embedded_redis import EmbeddedRedis
from backend.worker import redis_client
from backend.worker.agents_worker import AgentsWorker
from backend.worker.redis_client import require_noeviction
from tests.fixtures.offstage import (
    OUR_WORKER,
    Jobs,
    NewAgent,
    Process,
    asgi_client,
    open_jobs,
    process,
    running_worker,
)


@pytest.fixture
def redis_is_away_after_s() -> float:
    return redis_client.REQUESTS_WAIT_S


@pytest.fixture
def own_redis() -> Iterator[EmbeddedRedis]:
    """A Redis that this test may stop."""
    with (
        tempfile.TemporaryDirectory(prefix="offstage-own-redis-") as folder,
        EmbeddedRedis(Path(folder)) as server,
    ):
        yield server


@pytest.fixture
def own_settings(own_redis: EmbeddedRedis, job_settings: Settings) -> Settings:
    return job_settings.model_copy(
        update={"redis_url": type(job_settings.redis_url)(own_redis.url)}
    )


async def test_redis_away_for_three_seconds_costs_nothing(
    own_redis: EmbeddedRedis, own_settings: Settings, new_agent: NewAgent
) -> None:
    """One job ends while Redis is away, one keeps steps, one waits in the queue."""
    away, over = asyncio.Event(), asyncio.Event()

    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        await away.wait()
        context.progress(1, 2)
        if query.text == "steps":
            await context.step("one", _made, str)
        yield FinalResult(output={"attempt": context.attempt})

    async def _made() -> str:
        return "made"

    agent_id = new_agent(run)
    settings = own_settings.model_copy(update={"agent_worker_concurrency": 2})
    async with open_jobs(settings) as jobs, running_worker(settings):
        made = [
            (await jobs.submit(agent_id, f"s{number}", query={"text": text})).job_id
            for number, text in enumerate(("ends", "steps", "waits"))
        ]
        for job_id in made[:2]:
            await jobs.running(job_id)
        await asyncio.to_thread(own_redis.stop)
        away.set()
        began = time.monotonic()
        await _at(began + 3, over)
        await asyncio.to_thread(own_redis.start)
        views = [await jobs.ended(job_id) for job_id in made]
        assert [(view.state, view.attempt) for view in views] == [(JobState.DONE, 1)] * 3
        for job_id in made:
            assert await jobs.event_types(job_id) == ["run_started", "progress", "final_result"]
        assert await jobs.counted() == {(f"{agent_id}@v1", "done"): 3}


async def _at(moment: float, over: asyncio.Event) -> None:
    """Returns at that time: here time itself is what is tested."""
    asyncio.get_running_loop().call_at(moment, over.set)
    await over.wait()


async def test_an_emptied_redis_forgets_jobs_and_keeps_its_worker(
    jobs: Jobs, worker: AgentsWorker, api: httpx2.AsyncClient
) -> None:
    job_id = await jobs.smoke(sleep_s=60)
    await jobs.running(job_id)
    await jobs.redis.flushall()
    gone = await api.get(f"/jobs/{job_id}")
    assert (gone.status_code, gone.json()["code"]) == (404, "job_not_found")
    # A new run can start at once, in the same session.
    again = await jobs.submit("smoke")
    assert not again.deduplicated
    assert (await jobs.ended(again.job_id)).state is JobState.DONE

    async def announced() -> bool:
        return await jobs.queue.workers_seen() == 1

    await jobs.until_changed("rq:worker*", announced)
    with pytest.raises(NotFound):
        await jobs.look(job_id)
    # The run that was lost has been stopped and left nothing behind.
    assert await jobs.keys_of(job_id) == {}


def test_a_request_learns_within_a_second_that_redis_is_away() -> None:
    assert redis_client.REQUESTS_WAIT_S < 1


@pytest.mark.parametrize("how", ["stopped", "frozen"])
async def test_without_redis_the_api_says_503(
    own_redis: EmbeddedRedis, own_settings: Settings, how: str
) -> None:
    body = {"session_id": "s1"}
    async with asgi_client(create_app(own_settings)) as client:
        assert (await client.post("/jobs/agents/smoke/v1", json=body)).status_code == 202
        assert own_redis.process is not None
        if how == "stopped":
            await asyncio.to_thread(own_redis.stop)
        else:
            os.kill(own_redis.process.pid, signal.SIGSTOP)
        try:
            for method, path in (
                ("POST", "/jobs/agents/smoke/v1"),
                ("GET", "/jobs/some-job"),
                ("GET", "/jobs"),
                ("GET", "/readyz"),
            ):
                answer = await client.request(method, path, json=body if method == "POST" else None)
                assert answer.status_code == 503
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.headers["Retry-After"]
                assert str(own_redis.socket_path) not in answer.text
        finally:
            os.kill(own_redis.process.pid, signal.SIGCONT) if how == "frozen" else own_redis.start()
        assert (await client.post("/jobs/agents/smoke/v1", json=body)).status_code == 202


async def test_a_redis_that_drops_jobs_when_full_is_refused(jobs: Jobs, tmp_path: Path) -> None:
    await jobs.redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(Misconfigured, match="noeviction"):
            await require_noeviction(jobs.redis)
        with process(OUR_WORKER, jobs.settings, tmp_path / "worker.log") as worker:
            assert await asyncio.to_thread(worker.popen.wait, 20) == 1
            [line] = worker.log_lines()
            assert (line["event"], line["code"]) == ("worker can't run", "misconfigured")
    finally:
        await jobs.redis.config_set("maxmemory-policy", "noeviction")


async def test_a_full_redis_takes_nothing_new_and_ends_what_runs(
    own_settings: Settings, new_agent: NewAgent
) -> None:
    full = asyncio.Event()

    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        context.progress(1, 2)
        await full.wait()
        context.progress(2, 2)
        yield FinalResult(output={"attempt": context.attempt})

    agent_id = new_agent(run)
    async with (
        open_jobs(own_settings) as jobs,
        running_worker(own_settings),
        asgi_client(create_app(own_settings)) as client,
    ):
        job_id = (await jobs.submit(agent_id)).job_id
        await jobs.running(job_id)
        await jobs.redis.config_set("maxmemory", "1")
        refused = await client.post("/jobs/agents/smoke/v1", json={"session_id": "s2"})
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert "memory" in refused.json()["detail"]
        full.set()
        # The lease outlasts the time without memory: beats go on.
        over = asyncio.Event()
        await _at(asyncio.get_running_loop().time() + 1, over)
        await jobs.redis.config_set("maxmemory", "0")
        view = await jobs.ended(job_id)
        assert (view.state, view.attempt) == (JobState.DONE, 1)
        assert view.progress is not None
        assert view.progress.done == 2
        accepted = await client.post("/jobs/agents/smoke/v1", json={"session_id": "s2"})
        assert accepted.status_code == 202


async def test_a_worker_waits_for_a_redis_that_is_not_there_yet(
    own_redis: EmbeddedRedis, own_settings: Settings, tmp_path: Path
) -> None:
    await asyncio.to_thread(own_redis.stop)
    with process(OUR_WORKER, own_settings, tmp_path / "worker.log") as worker:
        await _logs(worker, "the worker waits: Redis is away")
        await asyncio.to_thread(own_redis.start)
        async with open_jobs(own_settings) as jobs:
            assert (await jobs.ended(await jobs.smoke())).state is JobState.DONE


async def _logs(worker: Process, event: str) -> None:
    """Returns when it has logged that."""
    async with asyncio.timeout(20):
        while event not in worker.log():
            assert worker.popen.poll() is None, worker.log()
            await asyncio.sleep(0.05)
