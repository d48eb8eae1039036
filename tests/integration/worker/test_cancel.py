"""Cancelling: a waiting job never starts, a running one stops, an ended one stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from redis import Redis as SyncRedis
from rq.command import send_stop_job_command
from rq.serializers import JSONSerializer

from backend.agents.context import AgentContext
from backend.domain.events import FinalResult, RunEvent
from backend.domain.states import JobState
from backend.settings import Settings
from backend.worker import keys
from backend.worker.agents_worker import AgentsWorker
from backend.worker.job import rq_now
from backend.worker.job_view import JobView
from tests.fixtures.offstage import USER, Jobs, NewAgent, running_worker


def _is_cancelled(view: JobView) -> bool:
    return (
        view.state is JobState.FAILED and view.error is not None and view.error.code == "cancelled"
    )


async def test_a_queued_job_never_starts(job_settings: Settings, jobs: Jobs) -> None:
    job_id = await jobs.smoke()
    for _ in range(2):
        assert _is_cancelled(await jobs.queue.cancel(job_id, USER))
    async with running_worker(job_settings):
        await jobs.ended(await jobs.smoke("after"))
    assert await jobs.event_types(job_id) == ["error"]
    assert await jobs.counted() == {("smoke@v1", "cancelled"): 1, ("smoke@v1", "done"): 1}
    assert {ttl > 0 for ttl in (await jobs.keys_of(job_id)).values()} == {True}


async def test_a_retry_that_waits_never_comes(jobs: Jobs, worker: AgentsWorker) -> None:
    job_id = await jobs.smoke(fail="provider_429")
    await jobs.waits_for_retry(job_id)
    view = await jobs.queue.cancel(job_id, USER)
    assert _is_cancelled(view)
    assert view.retry_at is None
    assert await jobs.redis.exists(keys.QueueKeys("agents").scheduled) == 0
    assert await jobs.event_types(job_id) == ["run_started", "retry_scheduled", "error"]


@pytest.mark.parametrize("query", [{"sleep_s": 60}, {"block_s": 60}, {"fail": "hang"}])
async def test_a_running_job_stops_long_before_its_end(
    query: dict[str, Any], jobs: Jobs, worker: AgentsWorker, api: httpx2.AsyncClient
) -> None:
    job_id = await jobs.smoke(**query)
    await jobs.running(job_id)
    answers = [await api.post(f"/jobs/{job_id}/cancel") for _ in range(2)]
    assert {answer.status_code for answer in answers} == {202}
    view = await jobs.ended(job_id)
    assert _is_cancelled(view)
    assert (await jobs.event_types(job_id))[-1] == "error"
    assert await jobs.counted() == {("smoke@v1", "cancelled"): 1}
    ended = (await api.post(f"/jobs/{job_id}/cancel")).json()
    assert (ended["status"], ended["error"]["code"]) == ("failed", "cancelled")


async def test_rqs_own_command_stops_a_job(jobs: Jobs, worker: AgentsWorker) -> None:
    job_id = await jobs.smoke(sleep_s=60)
    await jobs.running(job_id)
    with SyncRedis.from_url(jobs.settings.redis_dsn()) as connection:
        # Said until it is heard: the worker may not listen yet.
        async def ended() -> bool:
            if not _is_cancelled(await jobs.look(job_id)):
                send_stop_job_command(connection, job_id, serializer=JSONSerializer)
                return False
            return True

        await jobs.until_changed("rq:*", ended)


async def test_an_agent_that_swallows_its_cancellation_is_left_behind(
    jobs: Jobs, worker: AgentsWorker, new_agent: NewAgent
) -> None:
    released = asyncio.Event()

    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                context.progress(1, 1, "still here")
        yield FinalResult(output={})

    job_id = (await jobs.submit(new_agent(run))).job_id
    await jobs.running(job_id)
    await jobs.queue.cancel(job_id, USER)
    assert _is_cancelled(await jobs.ended(job_id))
    released.set()
    await jobs.ended(await jobs.smoke())
    assert "final_result" not in await jobs.event_types(job_id)


async def test_cancelled_while_it_fails_for_now_it_is_not_tried_again(
    jobs: Jobs, worker: AgentsWorker
) -> None:
    job_id = await jobs.smoke(sleep_s=0.2, fail="provider_429")
    await jobs.running(job_id)
    # What cancelling writes; that nobody hears of it, as when the worker is cut off for a moment.
    await jobs.redis.hset(keys.job_key(job_id), "agent_cancel", rq_now())
    assert _is_cancelled(await jobs.ended(job_id))


async def test_racing_with_the_finish_one_of_both_wins(jobs: Jobs, worker: AgentsWorker) -> None:
    made = [await jobs.smoke(f"s{number}", sleep_s=0.01 * number) for number in range(12)]
    await jobs.running(made[-1])
    await asyncio.gather(*(jobs.queue.cancel(job_id, USER) for job_id in made))
    views = [await jobs.ended(job_id) for job_id in made]
    assert all(view.state is JobState.DONE or _is_cancelled(view) for view in views)
    for view in views:
        told = await jobs.event_types(view.job_id)
        assert told.count("error") + told.count("final_result") == 1
    assert sum((await jobs.counted()).values()) == len(made)
