"""Cancelling with a receipt, trying a failed job again, and jobs that nobody starts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from pydantic_ai.usage import RunUsage
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.context import AgentContext
from backend.db import sessions
from backend.db.artifacts import list_versions
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS
from backend.domain.events import FinalResult, RunEvent
from backend.domain.states import JobState
from backend.settings import Settings
from backend.worker import job_list, keys
from backend.worker.agents_worker import AgentsWorker
from backend.worker.job import payload_of
from backend.worker.recovery import Recovery
from tests.fixtures.offstage import USER, Jobs, NewAgent, running_worker


async def look(api: httpx2.AsyncClient, job_id: str) -> dict[str, Any]:
    job: dict[str, Any] = (await api.get(f"/jobs/{job_id}")).json()
    return job


async def cancel(api: httpx2.AsyncClient, job_id: str) -> dict[str, Any]:
    answer = await api.post(f"/jobs/{job_id}/cancel")
    assert answer.status_code == 202
    job: dict[str, Any] = answer.json()
    return job


async def test_a_queued_job_is_stopped_when_it_is_asked(
    api: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    assert (await look(api, job_id))["cancel"] is None
    receipt = (await cancel(api, job_id))["cancel"]
    assert receipt["requestedAt"] == receipt["stoppedAt"]
    assert receipt["tokensAfterRequest"] == 0
    assert (await cancel(api, job_id))["cancel"] == receipt
    assert (await look(api, job_id))["cancel"] == receipt


async def test_all_jobs_of_a_session_that_is_deleted_are_stopped(
    api: httpx2.AsyncClient, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also behind more ended ones than a page of the list looks at."""
    monkeypatch.setattr(job_list, "_READ_AT_ONCE", 1)
    monkeypatch.setattr(job_list, "_MOST_READ", 1)
    session_id = (await api.post("/sessions", json={"title": "Ownership"})).json()["id"]
    oldest, other = await jobs.smoke(session_id), await jobs.smoke("another")
    for _ in range(3):
        ended = await jobs.submit("synopsis_manager", session_id)
        await jobs.queue.cancel(ended.job_id, USER)
    assert (await api.delete(f"/sessions/{session_id}")).status_code == 204
    states = [(await look(api, job_id))["status"] for job_id in (oldest, other)]
    assert states == ["failed", "queued"]


async def test_the_receipt_of_a_running_job_counts_what_was_spent_after_it(
    api: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker, new_agent: NewAgent
) -> None:
    async def spend(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        """Uses 10 tokens, and 7 more on its way out."""
        context.count_usage(RunUsage(requests=1, input_tokens=8, output_tokens=2))
        try:
            await asyncio.Event().wait()
        finally:
            context.count_usage(RunUsage(requests=1, input_tokens=5, output_tokens=2))
        yield FinalResult(output={})

    job_id = (await jobs.submit(new_agent(spend))).job_id
    await jobs.until(job_id, lambda view: view.usage is not None)
    asked = await cancel(api, job_id)
    assert asked["cancel"]["stoppedAt"] is None or asked["status"] == "failed"
    await jobs.ended(job_id)
    job = await look(api, job_id)
    assert job["error"]["code"] == "cancelled"
    assert job["cancel"]["requestedAt"] <= job["cancel"]["stoppedAt"] == job["endedAt"]
    assert job["cancel"]["tokensAfterRequest"] == 7
    assert job["usage"]["inputTokens"] == 13


async def test_a_job_that_ended_by_itself_was_not_stopped(
    api: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker
) -> None:
    job_id = await jobs.smoke()
    await jobs.ended(job_id)
    job = await cancel(api, job_id)
    assert (job["status"], job["cancel"]) == ("done", None)


@pytest.mark.parametrize("seed", range(6))
async def test_cancelling_races_with_start_and_finish(
    api: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker, seed: int
) -> None:
    job_ids = [await jobs.smoke(f"s{number}", sleep_s=0.005) for number in range(20)]
    await asyncio.sleep(seed * 0.004)
    await asyncio.gather(*(cancel(api, job_id) for job_id in job_ids for _ in range(2)))
    for job_id in job_ids:
        await jobs.ended(job_id)
        job = await look(api, job_id)
        if job["status"] == "failed":
            assert job["error"]["code"] == "cancelled"
            assert job["cancel"]["stoppedAt"] == job["endedAt"]
        else:
            assert job["cancel"] is None or job["cancel"]["stoppedAt"] is None
        assert (await jobs.event_types(job_id))[-1] in ("error", "final_result")


async def replay(api: httpx2.AsyncClient, job_id: str) -> httpx2.Response:
    return await api.post(f"/jobs/{job_id}/replay")


async def test_a_replay_is_a_new_job_that_repeats_no_finished_step(
    api: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker, new_agent: NewAgent
) -> None:
    done: list[int] = []
    broken = True

    async def run(self: Any, context: AgentContext, query: Any) -> dict[str, Any]:
        """Five steps, of which the fourth fails as long as something is broken."""
        for number in range(5):

            async def work(number: int = number) -> int:
                if broken and number == 3:
                    raise RuntimeError("broken")
                done.append(number)
                return number

            await context.step(f"step-{number}", work, int)
        return {"done": len(done)}

    agent_id = new_agent(run)
    failed = (await jobs.submit(agent_id)).job_id
    await jobs.ended(failed)
    before = await look(api, failed)
    broken = False

    answer = await replay(api, failed)
    assert answer.status_code == 202
    again = answer.json()["jobId"]
    assert again != failed
    assert (answer.headers["Location"], answer.json()["deduplicated"]) == (f"/jobs/{again}", False)
    assert (await jobs.ended(again)).state is JobState.DONE
    assert done == [0, 1, 2, 3, 4]
    assert (await look(api, again))["replayOf"] == failed
    # What has ended stays as it was.
    assert await look(api, failed) == before
    assert (await jobs.event_types(failed))[-1] == "error"


async def test_only_a_failed_job_is_tried_again(
    api: httpx2.AsyncClient, jobs: Jobs, job_settings: Settings, job_engine: AsyncEngine
) -> None:
    job_id = await jobs.smoke()
    refused = await replay(api, job_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "job_not_failed")
    async with running_worker(job_settings):
        await jobs.ended(job_id)
    assert (await replay(api, job_id)).status_code == 409
    assert (await replay(api, "nosuch")).status_code == 404


async def test_a_replay_finds_the_run_that_is_under_way(
    api: httpx2.AsyncClient, jobs: Jobs
) -> None:
    failed = await jobs.smoke()
    await jobs.queue.cancel(failed, USER)
    answers = await asyncio.gather(*(replay(api, failed) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["jobId"] for answer in answers}) == 1
    assert sum(answer.json()["deduplicated"] for answer in answers) == 9
    under_way = await jobs.submit("smoke")
    assert under_way.job_id == answers[0].json()["jobId"]


async def test_a_replay_of_a_job_that_had_saved_already_saves_no_second_time(
    api: httpx2.AsyncClient, jobs: Jobs, job_settings: Settings, job_engine: AsyncEngine
) -> None:
    """Its worker died between the commit and the job's end, and so it counts as failed."""
    async with UnitOfWork(job_engine) as uow:
        session = await sessions.create(uow, USER, {"title": "Queues"})
        await uow.commit()
    text = "A queue keeps tasks until a worker takes them. A worker runs one task after another."
    await api.post(f"/sessions/{session.id}/materials", json={"title": "L", "text": text})
    job_id = (await jobs.submit("synopsis_manager", session.id, memory="backend")).job_id
    async with running_worker(job_settings):
        await jobs.ended(job_id)
        await jobs.redis.hset(keys.job_key(job_id), "status", "failed")
        again = (await replay(api, job_id)).json()["jobId"]
        await jobs.ended(again)
        third = await jobs.redis.hset(keys.job_key(again), "status", "failed")
        assert third == 0
        last = (await replay(api, again)).json()["jobId"]
        view = await jobs.ended(last)
    assert view.artifact is not None
    async with UnitOfWork(job_engine, read_only=True) as uow:
        versions = await list_versions(uow, SYNOPSIS, USER, session.id, limit=10)
    assert [version.number for version in versions.items] == [1]


async def test_a_job_that_nobody_starts_in_time_expires(
    api: httpx2.AsyncClient, jobs: Jobs, job_settings: Settings
) -> None:
    settings = job_settings.model_copy(update={"agent_queue_ttl": 60})
    recovery = Recovery(jobs.redis, settings)
    old, young = await jobs.smoke("s1"), await jobs.smoke("s2")
    assert not await recovery.tick()
    await made_long_ago(jobs, old)
    assert (await recovery.tick()).expired == 1
    job = await look(api, old)
    assert (job["status"], job["error"]["code"], job["error"]["retryable"]) == (
        "failed",
        "expired",
        True,
    )
    assert await jobs.event_types(old) == ["error"]
    assert await jobs.counted() == {("smoke@v1", "expired"): 1}
    assert (await look(api, young))["queuePosition"] == 1
    assert {ttl > 0 for ttl in (await jobs.keys_of(old)).values()} == {True}
    assert (await replay(api, old)).status_code == 202


async def made_long_ago(jobs: Jobs, job_id: str) -> None:
    changed = await jobs.redis.zadd("offstage:unstarted:agents", {job_id: 1}, xx=True, ch=True)
    assert changed == 1


async def test_a_job_that_was_started_does_not_expire(jobs: Jobs, job_settings: Settings) -> None:
    """Handed back, it waits in the queue once more."""
    settings = job_settings.model_copy(update={"agent_queue_ttl": 0.001, "agent_shutdown_grace": 1})
    job_id = await jobs.smoke(sleep_s=30)
    async with running_worker(job_settings):
        await jobs.running(job_id)
    assert (await jobs.look(job_id)).state is JobState.QUEUED
    assert not await Recovery(jobs.redis, settings).tick(audit=True)


async def test_without_a_limit_a_job_waits_for_ever(jobs: Jobs, job_settings: Settings) -> None:
    settings = job_settings.model_copy(update={"agent_queue_ttl": 0})
    await made_long_ago(jobs, await jobs.smoke())
    assert not await Recovery(jobs.redis, settings).tick(audit=True)


async def test_what_only_replays_carry_is_in_no_other_job(jobs: Jobs) -> None:
    """So that workers of the version before can run them while an upgrade rolls."""
    job_id = await jobs.smoke()
    data = await jobs.redis.hget(keys.job_key(job_id), "data")
    assert isinstance(data, bytes)
    assert "first_job_id" not in payload_of({"data": data}).as_argument()
