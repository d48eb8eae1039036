"""Workers that die, stall or leave: their jobs run again, and what was done isn't done twice."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic_ai.usage import RunUsage
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.context import AgentContext
from backend.domain.events import FinalResult, RunEvent
from backend.domain.retry import MAX_CRASHES, MAX_CRASHES_IN_ALL
from backend.domain.states import JobState
from backend.errors import ProviderUnavailable
from backend.settings import Settings
from backend.worker import keys
from backend.worker.events import Batch
from backend.worker.job import rq_now
from backend.worker.recovery import BEAT_S, LEASE_S, TICK_S, Recovery
from backend.worker.scripts import Scripts
from backend.worker.settling import Ended, Lease, done, settle_arguments
from backend.worker.steps import RedisStepStore
from tests.fixtures.offstage import (
    OUR_WORKER,
    Jobs,
    NewAgent,
    Process,
    process,
    running_worker,
)

AGENTS = keys.QueueKeys("agents")


async def _take(jobs: Jobs, worker: str, most: int = 1) -> list[tuple[str, str]]:
    """The jobs and executions that a worker with so many free slots gets."""
    ids = [uuid4().hex for _ in range(most)]
    taken = await Scripts(jobs.redis).take([AGENTS.name, worker, LEASE_S, rq_now(), *ids])
    return [(job_id.decode(), execution_id.decode()) for job_id, execution_id, _ in taken or []]


async def _take_one(jobs: Jobs, worker: str) -> list[str]:
    return [job_id for job_id, _ in await _take(jobs, worker)]


async def _settle_as_done(jobs: Jobs, worker: str, taken: list[tuple[str, str]]) -> None:
    ending = done({"output": {"echo": ""}, "artifact": None, "usage": None})
    ended = [Ended.now(Lease(*ids, time.monotonic()), ending) for ids in taken]
    calls = [settle_arguments(jobs.settings, worker, end, Batch()) for end in ended]
    assert await Scripts(jobs.redis).settle_all(calls) == [1] * len(taken)


async def _end_leases(jobs: Jobs) -> None:
    """As if every worker that runs something had died a while ago."""
    for lease in await jobs.redis.zrange(AGENTS.wip, 0, -1):
        await jobs.redis.zadd(AGENTS.wip, {lease: 0})
    await jobs.redis.delete("offstage:ticked:agents", "offstage:grace:agents")


async def test_a_killed_workers_job_runs_again_elsewhere(
    job_settings: Settings, job_engine: AsyncEngine, jobs: Jobs, tmp_path: Path
) -> None:
    """Without help: the lease ends by itself and another worker's tick finds it."""
    job_id = await jobs.smoke(steps=3, sleep_s=2)
    with process(OUR_WORKER, job_settings, tmp_path / "first.log") as first:
        await jobs.running(job_id)
        async with running_worker(job_settings):
            os.kill(first.pid, signal.SIGKILL)
            view = await jobs.ended(job_id)
    assert (view.state, view.attempt) == (JobState.DONE, 2)
    assert await jobs.counted() == {("smoke@v1", "done"): 1}


def test_a_dead_worker_is_missed_within_20_s() -> None:
    """A lease that was prolonged just now, half of one in grace, and the tick that finds it."""
    assert 1.5 * LEASE_S + TICK_S < 20
    assert BEAT_S < LEASE_S / 2


async def test_a_job_that_kills_its_worker_is_given_up(jobs: Jobs) -> None:
    """Each worker gets it, dies of it and leaves a lease behind."""
    job_id = await jobs.smoke()
    recovery = Recovery(jobs.redis, jobs.settings)
    for crashes in range(1, MAX_CRASHES + 1):
        assert await _take_one(jobs, f"worker-{crashes}") == [job_id]
        assert (await jobs.look(job_id)).attempt == crashes
        await _end_leases(jobs)
        await recovery.tick()
    view = await jobs.ended(job_id)
    assert view.error is not None
    assert (view.state, view.error.code) == (JobState.FAILED, "crashed")
    assert await jobs.event_types(job_id) == ["error"]
    assert await jobs.counted() == {("smoke@v1", "failed"): 1}
    assert all(ttl > 0 for ttl in (await jobs.keys_of(job_id)).values())


async def test_jobs_beside_the_one_that_kills_workers_are_done(jobs: Jobs) -> None:
    """Every worker that has it dies with all that it runs; the others run to their end."""
    poison = await jobs.smoke("poison")
    others = [await jobs.smoke(f"s{number}") for number in range(8)]
    recovery = Recovery(jobs.redis, jobs.settings)
    died = 0
    for number in itertools.count():
        taken = await _take(jobs, f"worker-{number}", most=5)
        if not taken:
            break
        if poison in [job_id for job_id, _ in taken]:
            died += 1
            await _end_leases(jobs)
            await recovery.tick(audit=True)
        else:
            await _settle_as_done(jobs, f"worker-{number}", taken)
    # One more where it leaves open which of several suspects did it.
    assert MAX_CRASHES <= died <= MAX_CRASHES + 1
    view = await jobs.look(poison)
    assert view.error is not None
    assert (view.state, view.error.code) == (JobState.FAILED, "crashed")
    assert [(await jobs.look(job_id)).state for job_id in others] == [JobState.DONE] * 8


async def test_crashes_of_a_job_that_gets_on_are_not_held_against_it(jobs: Jobs) -> None:
    job_id, recovery = await jobs.smoke(), Recovery(jobs.redis, jobs.settings)
    for crashes in range(1, MAX_CRASHES_IN_ALL + 1):
        assert await _take_one(jobs, f"worker-{crashes}") == [job_id]
        await RedisStepStore(jobs.redis, job_id, ttl_s=60).put(f"step-{crashes}", b"1")
        await _end_leases(jobs)
        report = await recovery.tick()
        assert (report.requeued, report.failed) == (
            (1, 0) if crashes < MAX_CRASHES_IN_ALL else (0, 1)
        )


async def test_finished_steps_are_kept_when_it_runs_again(
    job_settings: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    worked: list[str] = []
    hold = asyncio.Event()

    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        async def work() -> str:
            worked.append(f"attempt {context.attempt}")
            return f"made in attempt {context.attempt}"

        made = await context.step("one", work, str)
        if context.attempt == 1:
            await hold.wait()
        yield FinalResult(output={"made": made, "attempt": context.attempt})

    agent_id = new_agent(run)
    async with running_worker(job_settings):
        job_id = (await jobs.submit(agent_id)).job_id

        async def step_is_kept() -> bool:
            return bool(await jobs.redis.exists(keys.steps_key(job_id)))

        await jobs.until_changed(keys.steps_key(job_id), step_is_kept)
        await _end_leases(jobs)
        await Recovery(jobs.redis, job_settings).tick()
        view = await jobs.ended(job_id)
    assert (view.state, view.attempt) == (JobState.DONE, 2)
    assert (await jobs.result(job_id))["output"] == {"made": "made in attempt 1", "attempt": 2}
    assert worked == ["attempt 1"]


async def test_a_worker_that_wakes_up_late_writes_nothing(
    job_settings: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    late = asyncio.Event()
    ended: list[int] = []

    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        if context.attempt == 1:
            # Deaf to its cancellation, as a process that was stopped for a while is.
            await _deaf(late)
            context.progress(1, 1, "late")
        ended.append(context.attempt)
        yield FinalResult(output={"attempt": context.attempt})

    agent_id = new_agent(run)
    async with running_worker(job_settings):
        job_id = (await jobs.submit(agent_id)).job_id
        await jobs.running(job_id)
        await _end_leases(jobs)
        await Recovery(jobs.redis, job_settings).tick()
        view = await jobs.ended(job_id)
        late.set()
        await jobs.ended(await jobs.smoke())
    assert (view.state, view.attempt) == (JobState.DONE, 2)
    assert (await jobs.result(job_id))["output"] == {"attempt": 2}
    assert (await jobs.event_types(job_id)).count("final_result") == 1
    assert "progress" not in await jobs.event_types(job_id)
    assert await jobs.counted() == {(f"{agent_id}@v1", "done"): 1, ("smoke@v1", "done"): 1}


async def _deaf(event: asyncio.Event) -> None:
    while not event.is_set():
        try:
            await event.wait()
        except asyncio.CancelledError:
            continue


async def test_sigterm_finishes_what_it_can_and_hands_back_the_rest(
    job_settings: Settings, job_engine: AsyncEngine, jobs: Jobs, tmp_path: Path
) -> None:
    settings = job_settings.model_copy(update={"agent_shutdown_grace": 1.5})
    short = await jobs.smoke("short", sleep_s=1)
    long = await jobs.smoke("long", sleep_s=60)
    with process(OUR_WORKER, settings, tmp_path / "worker.log") as worker:
        await jobs.running(short)
        await jobs.running(long)
        assert await asyncio.to_thread(worker.stop) == 0
        assert worker.log_lines()[-1]["event"] == "worker gone"
    assert (await jobs.look(short)).state is JobState.DONE
    view = await jobs.look(long)
    assert (view.state, view.attempt) == (JobState.QUEUED, 1)
    assert await jobs.redis.lrange(AGENTS.queue, 0, -1) == [long.encode()]
    assert await jobs.redis.exists(AGENTS.wip) == 0
    assert await jobs.queue.workers_seen() == 0


async def test_a_second_signal_hands_back_at_once_also_what_blocks(
    job_settings: Settings, job_engine: AsyncEngine, jobs: Jobs, worker_process: Process
) -> None:
    made = [await jobs.smoke("blocks", block_s=60), await jobs.smoke("sleeps", sleep_s=60)]
    for job_id in made:
        await jobs.running(job_id)
    # Long before the grace time is over.
    async with asyncio.timeout(job_settings.agent_shutdown_grace / 2):
        # Two signals that come too close together are one.
        while worker_process.popen.poll() is None:
            os.kill(worker_process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(worker_process.popen.wait, 0.3)
    views = [await jobs.look(job_id) for job_id in made]
    assert {(view.state, view.attempt) for view in views} == {(JobState.QUEUED, 1)}


async def test_usage_of_earlier_attempts_counts(
    job_settings: Settings, jobs: Jobs, new_agent: NewAgent
) -> None:
    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        context.count_usage(RunUsage(requests=1, input_tokens=100, output_tokens=10))
        if context.attempt == 1:
            raise ProviderUnavailable("Busy.")
        yield FinalResult(output={})

    agent_id = new_agent(run)
    async with running_worker(job_settings):
        job_id = (await jobs.submit(agent_id)).job_id
        await jobs.waits_for_retry(job_id)
        await jobs.make_retry_due(job_id)
        view = await jobs.ended(job_id)
    assert view.usage is not None
    assert (view.usage.requests, view.usage.input_tokens) == (2, 200)
    tokens = (await jobs.queue.fleet_counts()).tokens
    assert tokens == {(f"{agent_id}@v1", "input"): 200, (f"{agent_id}@v1", "output"): 20}


async def test_an_open_job_that_stands_nowhere_is_found(jobs: Jobs) -> None:
    job_id = await jobs.smoke()
    await jobs.redis.delete(AGENTS.queue)
    recovery = Recovery(jobs.redis, jobs.settings)
    assert not await recovery.tick()
    assert (await recovery.tick(audit=True)).astray == 1
    assert await jobs.redis.lrange(AGENTS.queue, 0, -1) == [job_id.encode()]


async def test_a_job_left_in_rqs_intermediate_queue_comes_back(jobs: Jobs) -> None:
    """A stock worker that is killed right after its pop leaves it there."""
    job_id = await jobs.smoke()
    await jobs.redis.lmove(AGENTS.queue, f"{AGENTS.queue}:intermediate", "LEFT", "RIGHT")
    recovery = Recovery(jobs.redis, jobs.settings)
    assert not await recovery.tick(audit=True)
    await jobs.redis.zadd("offstage:intermediate:agents", {job_id: 0})
    assert (await recovery.tick()).astray == 1
    assert await jobs.redis.lrange(AGENTS.queue, 0, -1) == [job_id.encode()]


async def test_a_time_of_grace_after_redis_was_away(jobs: Jobs) -> None:
    """While it was, no lease could be renewed: its workers may well live."""
    job_id = await jobs.smoke()
    await _take_one(jobs, "worker")
    for lease in await jobs.redis.zrange(AGENTS.wip, 0, -1):
        await jobs.redis.zadd(AGENTS.wip, {lease: 0})
    await jobs.redis.set("offstage:ticked:agents", 0)
    recovery = Recovery(jobs.redis, jobs.settings)
    assert not await recovery.tick(audit=True)
    assert (await jobs.look(job_id)).state is JobState.RUNNING
    await jobs.redis.delete("offstage:grace:agents")
    assert (await recovery.tick()).requeued == 1
