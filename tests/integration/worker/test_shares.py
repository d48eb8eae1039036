"""Shares: what one user may start, how much of the fleet one user or one agent may use."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from backend.domain.states import JobState
from backend.errors import RateLimited, TooManyAtOnce, Unavailable
from backend.limits import LimitTexts, UserLimits
from backend.settings import Settings
from backend.worker import keys
from backend.worker.admission import admitted
from backend.worker.agents_worker import AgentsWorker
from backend.worker.job import JobPayload, rq_now
from backend.worker.recovery import LEASE_S, Recovery
from backend.worker.submission import Accepted, Once, Submission
from tests.fixtures.offstage import (
    ONLY_AGENT_JOBS,
    Jobs,
    open_jobs,
    process,
    running_worker,
    stock_worker,
)
from tests.paths import ROOT


def limits(**texts: str) -> UserLimits:
    return UserLimits.parse(LimitTexts(**texts))


async def submit(
    jobs: Jobs, user: str, session: str, terms: UserLimits, *, agent: str = "smoke", **query: Any
) -> Accepted:
    wanted = Submission(agent, "v1", session, user, query=query)
    return await jobs.queue.submit(wanted, limits=terms)


async def _start(
    jobs: Jobs, user: str, how_many: int, terms: UserLimits, **query: Any
) -> list[str]:
    """Jobs of one user, in as many sessions."""
    return [
        (await submit(jobs, user, f"{user}-{number}", terms, **query)).job_id
        for number in range(how_many)
    ]


async def _state(jobs: Jobs, job_id: str, user: str) -> JobState:
    return (await jobs.queue.get(job_id, user)).state


async def _take(jobs: Jobs, how_many: int = 50) -> list[tuple[str, str]]:
    """What a worker would take now, as (job id, execution id)."""
    ids = [uuid4().hex for _ in range(how_many)]
    names = [jobs.settings.agent_queue, "w1", LEASE_S, rq_now()]
    taken = await jobs.queue._scripts.take([*names, *ids])
    return [(job_id.decode(), execution.decode()) for job_id, execution, _ in taken or []]


async def test_as_many_as_a_rate_allows_pass_from_several_processes_at_once(
    job_settings: Settings, jobs: Jobs
) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.worker.limited_submitter"),
            *(job_settings.redis_dsn(), f"p{number}", "60", "50/hour, 70/day; smoke: 65/hour"),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(3)
    ]
    told = [await process.communicate() for process in processes]
    lines = [line for output, _ in told for line in output.decode().splitlines()]
    assert Counter(lines) == {"accepted": 50, "rate_limited": 130}
    assert await jobs.redis.llen(keys.QueueKeys("agents").queue) == 50


async def test_a_refusal_tells_how_long_and_leaves_nothing(jobs: Jobs) -> None:
    terms = limits(rates="3/hour; smoke: 2/minute")
    first = await submit(jobs, "anna", "s1", terms)
    await submit(jobs, "anna", "s2", terms)
    before = await jobs.redis.dbsize()
    with pytest.raises(RateLimited, match="2 jobs of smoke in 1 min") as refused:
        await submit(jobs, "anna", "s3", terms)
    assert await jobs.redis.dbsize() == before
    assert 0 < (refused.value.retry_after_s or 0) <= 60
    assert [(rate.name, rate.left) for rate in refused.value.rates] == [
        ("user-hour", 1),
        ("smoke-minute", 0),
    ]
    assert [(rate.name, rate.left) for rate in first.rates] == [
        ("user-hour", 2),
        ("smoke-minute", 1),
    ]
    # Somebody else's rate is another one.
    assert not (await submit(jobs, "boris", "s3", terms)).deduplicated


async def test_what_starts_nothing_costs_no_rate(jobs: Jobs) -> None:
    terms = limits(rates="2/hour")
    wanted = Submission("smoke", "v1", "s1", "anna", query={})
    once = Once("key", "digest")
    first = await jobs.queue.submit(wanted, once, terms)
    again = await jobs.queue.submit(wanted, once, terms)
    found = await jobs.queue.submit(wanted, None, terms)
    assert (again.replayed, found.deduplicated) == (True, True)
    assert {answer.rates[0].left for answer in (first, again, found)} == {1}
    async with open_jobs(jobs.settings.model_copy(update={"agent_queue_max": 1})) as full:
        with pytest.raises(Unavailable):
            await submit(full, "anna", "s2", terms)
    assert (await submit(jobs, "anna", "s2", terms)).rates[0].left == 0


async def test_a_window_s_edge_lets_no_more_through(jobs: Jobs) -> None:
    """No stretch of an hour has more than three, wherever it begins."""
    terms = limits(rates="3/hour")
    for number in range(3):
        await submit(jobs, "anna", f"s{number}", terms)
    times = keys.submits_key("anna")
    # As if they had come 3,599, 1,800 and 10 s ago.
    seconds, _ = await jobs.redis.time()
    await jobs.redis.delete(times)
    await jobs.redis.zadd(times, {f"job-{ago}": seconds - ago for ago in (10, 1_800, 3_598)})
    with pytest.raises(RateLimited) as refused:
        await submit(jobs, "anna", "s4", terms)
    assert (refused.value.retry_after_s or 0) <= 2
    await jobs.redis.zadd(times, {"job-3598": seconds - 3_600})
    assert (await submit(jobs, "anna", "s4", terms)).rates[0].left == 0
    with pytest.raises(RateLimited) as refused:
        await submit(jobs, "anna", "s5", terms)
    assert (refused.value.retry_after_s or 0) > 1_700


async def test_a_thousand_jobs_of_one_user_hold_up_nobody_else(
    job_settings: Settings, jobs: Jobs, worker: AgentsWorker
) -> None:
    terms = limits(concurrency="2")
    await jobs.redis.set("rq:suspended", 1)
    mine = await _start(jobs, "anna", 1_000, terms, sleep_s=60)
    other = (await submit(jobs, "boris", "s1", terms)).job_id
    await jobs.redis.delete("rq:suspended")

    async def is_done() -> bool:
        return await _state(jobs, other, "boris") is JobState.DONE

    # Two of the worker's 32 slots are Anna's, and will be for a minute.
    await jobs.until_changed(keys.job_key(other), is_done)
    running = [await _state(jobs, job_id, "anna") for job_id in mine[:3]]
    assert running == [JobState.RUNNING, JobState.RUNNING, JobState.QUEUED]
    counts = await jobs.queue.fleet_counts()
    assert (counts.running, counts.queued, counts.held) == (2, 998, 998)
    place, _ = await jobs.queue.position(await jobs.queue.get(mine[4], "anna"))
    assert place == 3


async def test_held_jobs_run_in_the_order_they_came_as_places_get_free(
    jobs: Jobs, worker: AgentsWorker
) -> None:
    mine = await _start(jobs, "anna", 6, limits(concurrency="1"), sleep_s=0.01)

    async def last_is_done() -> bool:
        return await _state(jobs, mine[-1], "anna") is JobState.DONE

    await jobs.until_changed(keys.job_key(mine[-1]), last_is_done)
    views = [await jobs.queue.get(job_id, "anna") for job_id in mine]
    assert all(view.state is JobState.DONE for view in views)
    starts = [view.started_at for view in views if view.started_at]
    ends = [view.ended_at for view in views if view.ended_at]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    await Recovery(jobs.redis, jobs.settings).tick(audit=True)
    assert [key async for key in jobs.redis.scan_iter("offstage:held*")] == []
    assert [key async for key in jobs.redis.scan_iter("offstage:places*")] == []


async def test_an_agent_s_places_are_shared_by_all_users(jobs: Jobs) -> None:
    settings = jobs.settings.model_copy(update={"agent_fleet_concurrency": "smoke: 3"})
    async with open_jobs(settings) as capped:
        mine = await _start(capped, "anna", 4, limits(concurrency="2"))
        theirs = await _start(capped, "boris", 4, limits(concurrency="2"))
        taken = [job_id for job_id, _ in await _take(capped)]
        assert taken == [mine[0], theirs[0], mine[1]]
        assert (await capped.queue.fleet_counts()).held == 5
        for job_id in mine[:2]:
            await capped.queue.cancel(job_id, "anna")
        # Told to stop is not stopped: their places are still theirs.
        assert await _take(capped) == []


async def test_a_full_queue_counts_what_is_held_back(jobs: Jobs) -> None:
    settings = jobs.settings.model_copy(update={"agent_queue_max": 4})
    async with open_jobs(settings) as bounded:
        terms = limits(concurrency="1")
        await _start(bounded, "anna", 4, terms)
        assert len(await _take(bounded)) == 1
        await submit(bounded, "boris", "s1", terms)
        with pytest.raises(Unavailable):
            await submit(bounded, "boris", "s2", terms)


async def test_a_held_job_can_be_cancelled_and_can_expire(jobs: Jobs) -> None:
    terms = limits(concurrency="1")
    mine = await _start(jobs, "anna", 3, terms)
    assert len(await _take(jobs)) == 1
    await jobs.queue.cancel(mine[1], "anna")
    unstarted = f"offstage:unstarted:{jobs.settings.agent_queue}"
    await jobs.redis.zadd(unstarted, {mine[2]: 1}, xx=True)
    report = await Recovery(jobs.redis, jobs.settings).tick(audit=False)
    assert report.expired == 1
    views = [await jobs.queue.get(job_id, "anna") for job_id in mine]
    assert [view.error.code if view.error else "" for view in views] == ["", "cancelled", "expired"]
    assert (await jobs.queue.fleet_counts()).held == 0


async def test_a_lower_cap_waits_for_what_runs_and_a_higher_one_counts_at_once(
    jobs: Jobs,
) -> None:
    await _start(jobs, "anna", 8, limits(concurrency="3"))
    assert len(await _take(jobs)) == 3
    await submit(jobs, "anna", "lower", limits(concurrency="1"))
    assert await _take(jobs) == []
    await submit(jobs, "anna", "higher", limits(concurrency="5"))
    await Recovery(jobs.redis, jobs.settings).tick(audit=False)
    assert len(await _take(jobs)) == 2


async def test_a_killed_worker_s_places_come_back(jobs: Jobs) -> None:
    mine = await _start(jobs, "anna", 3, limits(concurrency="1"))
    [(job_id, execution_id)] = await _take(jobs)
    names = keys.QueueKeys(jobs.settings.agent_queue)
    await jobs.redis.zadd(names.wip, {f"{job_id}:{execution_id}": 0})
    recovery = Recovery(jobs.redis, jobs.settings)
    assert (await recovery.tick(audit=False)).requeued == 1
    async with running_worker(jobs.settings):

        async def all_done() -> bool:
            states = [await _state(jobs, each, "anna") for each in mine]
            return states == [JobState.DONE] * 3

        await jobs.until_changed("rq:job:*", all_done)


async def test_a_run_within_a_request_takes_a_place_and_is_refused_without_one(
    jobs: Jobs,
) -> None:
    terms = limits(concurrency="1")
    enter = partial(admitted, jobs.redis, jobs.settings, limits=terms)
    async with enter(payload=_payload("r1")):
        with pytest.raises(TooManyAtOnce) as refused:
            await enter(payload=_payload("r2")).__aenter__()
        assert refused.value.retry_after_s
        [mine] = await _start(jobs, "anna", 1, terms)
        assert await _take(jobs) == [], "it waits for the run's place"
        await Recovery(jobs.redis, jobs.settings).tick(audit=True)
        assert await _take(jobs) == [], "which is no lost one"
    [(taken, _)] = await _take(jobs)
    assert taken == mine
    with pytest.raises(TooManyAtOnce):
        await enter(payload=_payload("r3")).__aenter__()


async def test_the_place_of_a_run_whose_process_died_comes_back(jobs: Jobs) -> None:
    terms = limits(concurrency="1")
    left = admitted(jobs.redis, jobs.settings, _payload("r1"), terms)
    await left.__aenter__()
    [mine] = await _start(jobs, "anna", 1, terms)
    assert await _take(jobs) == []
    assert await jobs.redis.ttl(keys.account_key("r1")) > jobs.settings.agent_job_timeout
    await jobs.redis.delete(keys.account_key("r1"))
    await Recovery(jobs.redis, jobs.settings).tick(audit=True)
    assert [job_id for job_id, _ in await _take(jobs)] == [mine]


def _payload(run_id: str) -> JobPayload:
    return JobPayload(
        job_id=run_id, agent="smoke", version="v1", session_id="s", user_id="anna", query={}
    )


async def test_what_redis_lost_of_shares_is_found_again(jobs: Jobs) -> None:
    mine = await _start(jobs, "anna", 4, limits(concurrency="1"))
    [(running, _)] = await _take(jobs)
    for kind in ("held*", "line*", "turns*", "places*", "busy*"):
        async for key in jobs.redis.scan_iter(f"offstage:{kind}"):
            await jobs.redis.delete(key)
    report = await Recovery(jobs.redis, jobs.settings).tick(audit=True)
    assert report.astray == 3
    assert await _take(jobs) == []
    assert (await jobs.queue.fleet_counts()).held == 3
    assert mine[0] == running


async def test_a_stock_worker_brings_forward_what_ours_held_back(
    jobs: Jobs, tmp_path: Path
) -> None:
    mine = await _start(jobs, "anna", 3, limits(concurrency="1"))
    [(job_id, execution_id)] = await _take(jobs)
    names = keys.QueueKeys(jobs.settings.agent_queue)
    await jobs.redis.zadd(names.wip, {f"{job_id}:{execution_id}": 0})
    assert (await Recovery(jobs.redis, jobs.settings).tick(audit=False)).requeued == 1
    assert await jobs.redis.zcard(names.held) == 2
    # Nothing of ours runs from here on.
    with process(stock_worker("agents", *ONLY_AGENT_JOBS), jobs.settings, tmp_path / "log"):

        async def all_done() -> bool:
            states = [await _state(jobs, each, "anna") for each in mine]
            return states == [JobState.DONE] * 3

        await jobs.until_changed("rq:job:*", all_done)


async def test_a_job_of_yesterday_settles_yesterday(jobs: Jobs) -> None:
    """Submitted before midnight, ended after it: the new day has all of its budget."""
    await jobs.redis.hset("offstage:typical:smoke@v1", mapping={"tokens": 700, "micros": 0})
    terms = limits(tokens_per_day="1000")
    job_id = (await submit(jobs, "anna", "s1", terms)).job_id
    [today] = [key.decode() async for key in jobs.redis.scan_iter("offstage:spent:*")]
    prefix, _, day = today.rpartition(":")
    yesterday = f"{prefix}:{int(day) - 1}"
    await jobs.redis.rename(today, yesterday)
    account = await jobs.redis.hget(keys.job_key(job_id), "agent_budget")
    moved = (account or b"").decode().replace(today, yesterday)
    await jobs.redis.hset(keys.job_key(job_id), "agent_budget", moved)

    await submit(jobs, "anna", "s2", terms)
    await jobs.queue.cancel(job_id, "anna")
    left = [await jobs.redis.hget(key, "tokens") for key in (yesterday, today)]
    assert left == [b"0", b"700"]


@pytest.mark.parametrize(
    "written", ["no JSON", "[]", '{"key": 1}', '{"key": "k", "most": {}, "reserved": {}}']
)
async def test_a_job_whose_account_somebody_overwrote_ends_all_the_same(
    jobs: Jobs, written: str
) -> None:
    job_id = (await submit(jobs, "anna", "s1", limits(tokens_per_day="1000"))).job_id
    await jobs.redis.hset(keys.job_key(job_id), "agent_budget", written)

    await jobs.queue.cancel(job_id, "anna")
    assert await _state(jobs, job_id, "anna") is JobState.FAILED
    assert await jobs.redis.hget(keys.job_key(job_id), "agent_budget") is None
