"""Submitting, looking and listing: one run per session and agent, whoever asks and how often."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections import Counter

import httpx2
import pytest

from backend.domain.states import JobState
from backend.errors import InvalidQuery, NotFound, Unavailable
from backend.settings import Settings
from backend.worker import keys
from backend.worker.agents_worker import AgentsWorker
from tests.fixtures.offstage import USER, Jobs, open_jobs
from tests.paths import ROOT

DURATIONS = "offstage:durations:smoke@v1"


async def _submit_elsewhere(settings: Settings, sessions: list[str]) -> list[str]:
    """A quarter of what is submitted, from a process of its own."""
    command = ["-m", "tests.integration.worker.submitter", settings.redis_dsn()]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *command, ",".join(sessions), "125", "", "4"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().splitlines()


async def test_five_hundred_submits_from_four_processes_make_one_job_ten_rounds_in_a_row(
    job_settings: Settings, jobs: Jobs
) -> None:
    sessions = [f"s{number}" for number in range(10)]
    told = await asyncio.gather(*(_submit_elsewhere(job_settings, sessions) for _ in range(4)))
    answers = [line.split() for lines in told for line in lines]
    for session_id in sessions:
        here = [(job_id, known) for job_id, known, _, asked in answers if asked == session_id]
        assert Counter(known for _, known in here) == {"True": 499, "False": 1}
        assert len({job_id for job_id, _ in here}) == 1
    queue = keys.QueueKeys(job_settings.agent_queue).queue
    assert await jobs.redis.llen(queue) == len(sessions)


async def test_other_sessions_agents_and_users_have_claims_of_their_own(jobs: Jobs) -> None:
    first = await jobs.submit("smoke", "s1")
    other_session = await jobs.submit("smoke", "s2")
    assert first.job_id != other_session.job_id
    assert (first.queue_position, other_session.queue_position) == (1, 2)
    with pytest.raises(NotFound):
        await jobs.queue.get(first.job_id, "somebody else")
    with pytest.raises(NotFound):
        await jobs.queue.cancel(first.job_id, "somebody else")


async def test_a_claim_whose_job_is_gone_frees_itself(jobs: Jobs) -> None:
    lost = await jobs.smoke()
    await jobs.redis.delete(keys.job_key(lost))
    assert await jobs.queue.generation(USER, "s1", "smoke@v1") is None
    again = await jobs.submit("smoke")
    assert (again.job_id == lost, again.deduplicated) == (False, False)


async def test_a_killed_api_leaves_no_half_submit(job_settings: Settings, jobs: Jobs) -> None:
    """Whatever was on its way when it died, each claim has its job and each job its place."""
    names, chance = keys.QueueKeys(job_settings.agent_queue), random.Random(4)
    for round_ in range(4):
        sessions = [f"r{round_}s{number}" for number in range(1_000)]
        before = await jobs.redis.llen(names.queue)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.worker.submitter"),
            *(job_settings.redis_dsn(), ",".join(sessions), "2"),
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
        )
        enough = before + chance.randint(1, 50)
        async with asyncio.timeout(20):
            while await jobs.redis.llen(names.queue) < enough:
                assert process.returncode is None
        process.kill()
        assert await process.wait() == -signal.SIGKILL
        made = await require_whole_submits(jobs, names) - before
        again = [await jobs.submit("smoke", session_id) for session_id in sessions[: made + 5]]
        assert sum(each.deduplicated for each in again) == made
    await require_whole_submits(jobs, names)


async def require_whole_submits(jobs: Jobs, names: keys.QueueKeys) -> int:
    """How many jobs there are: claims, hashes, places and lists tell of the same ones."""
    queued = [job_id.decode() for job_id in await jobs.redis.lrange(names.queue, 0, -1)]
    claims = [key async for key in jobs.redis.scan_iter("offstage:claim:*")]
    holders = [holder.decode() for holder in await jobs.redis.mget(claims) if holder]
    assert sorted(holders) == sorted(queued)
    assert len(set(queued)) == len(queued)
    hashes = [key async for key in jobs.redis.scan_iter("rq:job:*")]
    assert sorted(key.decode().removeprefix("rq:job:") for key in hashes) == sorted(queued)
    listed = await jobs.redis.zrange(keys.user_jobs_key(USER), 0, -1)
    assert sorted(job_id.decode() for job_id in listed) == sorted(queued)
    assert (await jobs.look(queued[-1])).state is JobState.QUEUED
    return len(queued)


async def test_a_full_queue_refuses_and_leaves_nothing(job_settings: Settings, jobs: Jobs) -> None:
    settings = job_settings.model_copy(update={"agent_queue_max": 2})
    async with open_jobs(settings) as bounded:
        await bounded.smoke("s1")
        await bounded.smoke("s2")
        before = await jobs.redis.dbsize()
        with pytest.raises(Unavailable) as refused:
            await bounded.smoke("s3")
        assert refused.value.retry_after_s
        assert await jobs.redis.dbsize() == before
        # The open one is still found: it takes no place.
        assert (await bounded.submit("smoke", "s1")).deduplicated


async def test_lists_page_by_page_while_jobs_come_and_go(jobs: Jobs) -> None:
    made = [await jobs.smoke(f"s{number}") for number in range(5)]
    page = await jobs.queue.list_jobs(USER, limit=2)
    assert [view.job_id for view in page.items] == [made[4], made[3]]
    await jobs.smoke("late")
    await jobs.redis.delete(keys.job_key(made[2]))
    page = await jobs.queue.list_jobs(USER, limit=2, cursor=page.next_cursor)
    assert [view.job_id for view in page.items] == [made[1], made[0]]
    page = await jobs.queue.list_jobs(USER, limit=2, cursor=page.next_cursor)
    assert (page.items, page.next_cursor) == ([], None)
    # What has expired isn't looked at again.
    assert await jobs.redis.zscore(keys.user_jobs_key(USER), made[2]) is None
    with pytest.raises(InvalidQuery):
        await jobs.queue.list_jobs(USER, cursor="no cursor")


async def test_lists_by_session_agent_and_state(jobs: Jobs) -> None:
    first, second = await jobs.smoke("s1"), await jobs.smoke("s2")
    await jobs.queue.cancel(first, USER)

    async def listed(**wanted: object) -> list[str]:
        page = await jobs.queue.list_jobs(USER, **wanted)  # type: ignore[arg-type]
        return [view.job_id for view in page.items]

    assert await listed(session_id="s2") == [second]
    assert await listed(agent="smoke") == await listed(agent="smoke@v1") == [second, first]
    assert await listed(agent="synopsis_manager") == []
    assert await listed(status=JobState.FAILED) == [first]
    assert (await jobs.queue.list_jobs("somebody else")).items == []


async def test_a_retry_that_waits_has_no_place_and_its_eta_counts_from_when_it_is_due(
    jobs: Jobs, worker: AgentsWorker, api: httpx2.AsyncClient
) -> None:
    job_id = await jobs.smoke(fail="provider_429", fail_times=1)
    await jobs.waits_for_retry(job_id)
    await jobs.redis.rpush(DURATIONS, 20, 40)
    shown = await api.get(f"/jobs/{job_id}")
    job = shown.json()
    assert (job["status"], job["queuePosition"]) == ("queued", None)
    # Due in two minutes, less what has passed since.
    assert 30 < job["etaSeconds"] <= 150
    assert shown.headers["Retry-After"] == "15"
    again = await jobs.submit("smoke")
    assert (again.job_id, again.queue_position) == (job_id, 0)
    assert again.eta_s is not None
    # The API rounds to a tenth.
    assert 30 < again.eta_s <= job["etaSeconds"] + 0.1
    await jobs.make_retry_due(job_id)
    assert (await jobs.ended(job_id)).state is JobState.DONE


async def test_position_and_eta_come_from_recent_durations(
    job_settings: Settings, jobs: Jobs, worker: AgentsWorker, api: httpx2.AsyncClient
) -> None:
    await jobs.ended(await jobs.smoke())
    [measured] = await jobs.redis.lrange(DURATIONS, 0, -1)
    assert float(measured) > 0
    # As if there had been two, whatever this machine took for the one.
    await jobs.redis.delete(DURATIONS)
    await jobs.redis.rpush(DURATIONS, 20, 40)
    await jobs.redis.set("rq:suspended", 1)
    waiting = [await jobs.submit("smoke", f"s{number}") for number in range(2, 4)]
    assert [each.queue_position for each in waiting] == [1, 2]
    assert [each.eta_s for each in waiting] == [30, 30]
    shown = (await api.get(f"/jobs/{waiting[1].job_id}")).json()
    assert (shown["status"], shown["queuePosition"]) == ("queued", 2)
    assert shown["etaSeconds"] == 30
    await jobs.redis.delete("rq:suspended")
    for each in waiting:
        assert (await jobs.ended(each.job_id)).state is JobState.DONE
