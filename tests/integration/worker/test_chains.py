"""Several agents as one submit: each runs when those before it are done, and none is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from backend.domain.events import FinalResult, RunEvent
from backend.domain.states import JobState
from backend.errors import IdempotencyKeyReused, RateLimited, Unavailable
from backend.limits import Rate, Scoped, UserLimits
from backend.settings import Settings
from backend.worker import keys
from backend.worker.agents_worker import AgentsWorker
from backend.worker.recovery import Recovery
from backend.worker.submission import Once, Submission
from tests.fixtures.offstage import USER, Jobs, NewAgent, open_jobs, running_worker

AGENTS = keys.QueueKeys("agents")
Links = list[str]


@pytest.fixture
def three(new_agent: NewAgent) -> Links:
    """Agents that end at once, or as their query's text says."""

    class Ends:
        async def run(self, _context: object, query: Any) -> AsyncIterator[RunEvent]:
            if query.text == "fail":
                raise ValueError("asked to")
            if query.text == "wait":
                await asyncio.sleep(60)
            yield FinalResult(output={})

    return [new_agent(Ends.run) for _ in range(3)]


async def _chain(
    jobs: Jobs, agents: Links, texts: dict[int, str] | None = None, **how: Any
) -> Links:
    """The ids of the links' jobs."""
    wanted = [
        Submission(agent, "v1", "s1", USER, {"text": (texts or {}).get(number, "")})
        for number, agent in enumerate(agents)
    ]
    return [link.job_id for link, _ in (await jobs.queue.submit_chain(wanted, **how)).links]


async def _waits(jobs: Jobs, ids: Links) -> list[str | None]:
    return [(await jobs.look(each)).waits_for for each in ids]


async def _all_done(jobs: Jobs, ids: Links) -> None:
    for each in ids:
        assert (await jobs.ended(each)).state is JobState.DONE


async def _is_tidy(jobs: Jobs) -> None:
    """Nothing of an ended chain stays for ever."""
    left = {key.decode() async for key in jobs.redis.scan_iter("rq:*depend*")}
    assert {name: await jobs.redis.ttl(name) for name in left} == {}
    assert await jobs.redis.exists("rq:deferred:agents", "offstage:unstarted:agents") == 0


async def test_each_link_waits_for_the_one_before_it(
    jobs: Jobs, job_settings: Settings, three: Links
) -> None:
    ids = await _chain(jobs, three)
    assert await _waits(jobs, ids) == [None, *ids[:2]]
    assert [view.state for view in [await jobs.look(each) for each in ids]] == [JobState.QUEUED] * 3
    assert await jobs.redis.llen(AGENTS.queue) == 1
    async with running_worker(job_settings):
        await _all_done(jobs, ids)
    views = [await jobs.look(each) for each in ids]
    ends = [(view.started_at, view.ended_at) for view in views]
    assert ends == sorted(ends)
    assert await _waits(jobs, ids) == [None] * 3
    await _is_tidy(jobs)


async def test_a_failed_link_says_what_it_held_back_and_a_replay_goes_on_from_there(
    jobs: Jobs, worker: AgentsWorker, three: Links, api: httpx2.AsyncClient
) -> None:
    ids = await _chain(jobs, three, {0: "fail"})
    failed = (await jobs.until(ids[0], lambda view: view.state is JobState.FAILED)).held_back
    assert list(failed) == ids[1:]
    shown = [(await api.get(f"/jobs/{each}")).json() for each in ids]
    assert [job["status"] for job in shown] == ["failed", "queued", "queued"]
    assert [job["heldBack"] for job in shown] == [ids[1:], [], []]
    assert [job["waitsFor"] for job in shown] == [None, *ids[:2]]
    # An audit leaves alone what waits rightly.
    assert not await Recovery(jobs.redis, jobs.settings).tick(audit=True)

    again = (await api.post(f"/jobs/{ids[0]}/replay")).json()["jobId"]
    assert await _waits(jobs, ids[1:]) == [again, ids[1]]
    assert (await jobs.look(ids[0])).held_back == ()
    assert list((await jobs.until(again, lambda view: bool(view.held_back))).held_back) == ids[1:]

    # The agent started anew, with another query, goes on as well.
    anew = await jobs.submit(three[0])
    await _all_done(jobs, [anew.job_id, *ids[1:]])
    await _is_tidy(jobs)


async def test_the_same_chain_again_joins_what_waits(
    jobs: Jobs, job_settings: Settings, three: Links
) -> None:
    first = await _chain(jobs, three, {0: "fail"})
    assert await _chain(jobs, three) == first
    async with running_worker(job_settings):
        await jobs.ended(first[0])
    again = await _chain(jobs, three)
    assert again[0] != first[0]
    assert again[1:] == first[1:]
    async with running_worker(job_settings):
        await _all_done(jobs, again)
    await _is_tidy(jobs)


async def test_a_link_that_runs_already_is_that_link_and_the_next_waits_for_both(
    jobs: Jobs, worker: AgentsWorker, three: Links
) -> None:
    middle = (await jobs.submit(three[1], query={"text": "wait"})).job_id
    await jobs.running(middle)
    ids = await _chain(jobs, three, {0: "wait"})
    assert ids[1] == middle
    waiting = await jobs.redis.hget(keys.job_key(ids[2]), "dependency_ids")
    assert waiting == f'["{middle}","{ids[0]}"]'.encode()
    await jobs.running(ids[0])
    await jobs.queue.cancel(ids[0], USER)
    await jobs.ended(ids[0])
    done = (await jobs.submit(three[0])).job_id
    await jobs.ended(done)
    assert await _waits(jobs, ids[2:]) == [middle]
    await jobs.queue.cancel(middle, USER)
    await jobs.ended(middle)
    # Its query says to wait: anew, it ends.
    await _all_done(jobs, [(await jobs.submit(three[1])).job_id, ids[2]])
    await _is_tidy(jobs)


async def test_a_link_cancelled_while_it_waits_holds_back_what_comes_after_it(
    jobs: Jobs, job_settings: Settings, three: Links
) -> None:
    ids = await _chain(jobs, three)
    view = await jobs.queue.cancel(ids[1], USER)
    assert (view.state, list(view.held_back)) == (JobState.FAILED, ids[2:])
    # Tried again before its turn, it waits for its turn.
    again = (await jobs.queue.replay(ids[1], USER)).job_id
    assert await _waits(jobs, [again, ids[2]]) == [ids[0], again]
    async with running_worker(job_settings):
        await _all_done(jobs, [ids[0], again, ids[2]])
    await _is_tidy(jobs)


async def test_what_is_cancelled_is_held_back_no_more(
    jobs: Jobs, worker: AgentsWorker, three: Links
) -> None:
    ids = await _chain(jobs, three, {0: "fail"})
    await jobs.ended(ids[0])
    await jobs.queue.cancel(ids[2], USER)
    assert list((await jobs.look(ids[0])).held_back) == [ids[1]]
    await jobs.queue.cancel(ids[1], USER)
    assert (await jobs.look(ids[0])).held_back == ()
    await _is_tidy(jobs)


async def test_links_wait_for_as_long_as_those_before_them_have_a_chance(
    job_settings: Settings, three: Links
) -> None:
    settings = job_settings.model_copy(update={"agent_queue_ttl": 60})
    async with open_jobs(settings) as jobs:
        ids = await _chain(jobs, three)
        recovery = Recovery(jobs.redis, settings)
        overdue = dict.fromkeys(ids[1:], 0.0)
        await jobs.redis.zadd("offstage:unstarted:agents", overdue)
        assert not await recovery.tick()
        await jobs.queue.cancel(ids[0], USER)
        await jobs.redis.zadd("offstage:unstarted:agents", overdue)
        assert (await recovery.tick()).expired == 2
        for each in ids[1:]:
            error = (await jobs.look(each)).error
            assert error is not None
            assert (error.code, error.message[:20]) == ("expired", "What it waited for w")
        assert (await jobs.look(ids[0])).held_back == ()
        await _is_tidy(jobs)


async def test_an_audit_puts_right_what_waits_for_nothing(
    jobs: Jobs, three: Links, job_settings: Settings
) -> None:
    recovery = Recovery(jobs.redis, jobs.settings)
    ids = await _chain(jobs, three)
    # Forgotten by the one it waits for; then that one is done without a word; then one is gone.
    await jobs.redis.delete(f"{keys.job_key(ids[0])}:dependents", "rq:deferred:agents")
    assert (await recovery.tick(audit=True)).astray == 2
    assert await jobs.redis.smembers(f"{keys.job_key(ids[0])}:dependents") == {ids[1].encode()}
    await jobs.redis.delete(f"{keys.job_key(ids[0])}:dependents")
    async with running_worker(job_settings):
        await jobs.ended(ids[0])
    await jobs.redis.hset(keys.job_key(ids[1]), "status", "ready_to_enqueue")
    assert (await recovery.tick(audit=True)).astray == 1
    assert await jobs.redis.lrange(AGENTS.queue, 0, -1) == [ids[1].encode()]
    await jobs.redis.delete(keys.job_key(ids[1]))
    assert (await recovery.tick(audit=True)).expired == 1
    assert (await jobs.look(ids[2])).state is JobState.FAILED


Refusal = Callable[[Settings], Settings]
MINUTE = UserLimits(rates=Scoped((Rate(2, "minute"),), {}))


@pytest.mark.parametrize(
    ("bound", "limits", "error", "says"),
    [
        (2, UserLimits(), Unavailable, "full"),
        (0, MINUTE, RateLimited, "Name fewer agents"),
        (0, UserLimits(rates=Scoped((Rate(3, "minute"),), {})), RateLimited, "2 are left"),
    ],
)
async def test_a_chain_is_refused_as_a_whole_and_leaves_nothing(
    job_settings: Settings,
    three: Links,
    bound: int,
    limits: UserLimits,
    error: type[Exception],
    says: str,
) -> None:
    async with open_jobs(job_settings.model_copy(update={"agent_queue_max": bound})) as jobs:
        if "left" in says:
            await jobs.queue.submit(Submission("smoke", "v1", "s2", USER, {}), limits=limits)
        before = await jobs.redis.dbsize()
        with pytest.raises(error, match=says):
            await _chain(jobs, three, limits=limits)
        assert await jobs.redis.dbsize() == before
        # What is there already takes no room and counts for nothing.
        assert len(await _chain(jobs, three[:2], limits=limits)) == 2


async def test_a_budget_is_reserved_for_all_links_or_for_none(jobs: Jobs, three: Links) -> None:
    limits = UserLimits(tokens_per_day=250)
    for each in three:
        await jobs.redis.hset(f"offstage:typical:{each}@v1", "tokens", 100)
    with pytest.raises(Exception, match="budget"):
        await _chain(jobs, three, limits=limits)
    assert [key async for key in jobs.redis.scan_iter("offstage:spent:*")] == []
    await _chain(jobs, three[:2], limits=limits)
    [spent] = [key async for key in jobs.redis.scan_iter("offstage:spent:*")]
    assert await jobs.redis.hget(spent, "tokens") == b"200"


async def test_a_chain_sent_again_with_its_key_is_answered_as_before(
    jobs: Jobs, worker: AgentsWorker, three: Links
) -> None:
    once = Once("k", "this")
    ids = await _chain(jobs, three, once=once)
    await _all_done(jobs, ids)
    assert await _chain(jobs, three, once=once) == ids
    with pytest.raises(IdempotencyKeyReused):
        await _chain(jobs, three, once=Once("k", "that"))


async def test_of_two_orders_the_one_asked_for_last_counts(
    jobs: Jobs, worker: AgentsWorker, three: Links
) -> None:
    first = await _chain(jobs, three[:2], {0: "fail"})
    await jobs.ended(first[0])
    # What waits for the failed one is to come before it now.
    second = await _chain(jobs, [three[1], three[0]])
    assert second[0] == first[1]
    await _all_done(jobs, second)
    await _is_tidy(jobs)
