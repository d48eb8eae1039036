"""Looking at a job: entity tags, waiting for a change, lists."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

from backend.worker import job_list, keys
from backend.worker.agents_worker import AgentsWorker
from backend.worker.changes import Watch
from tests.fixtures.offstage import USER, Jobs


async def wait_for(
    api: httpx2.AsyncClient, job_id: str, etag: str | None = None, wait_s: int = 20
) -> httpx2.Response:
    headers = {"Prefer": f"wait={wait_s}"} | ({"If-None-Match": etag} if etag else {})
    return await api.get(f"/jobs/{job_id}", headers=headers)


class Waiters:
    """Those who wait are woken by what they hear of and by nothing else: no time runs out.

    `waits` counts how often somebody began to wait.
    """

    def __init__(self) -> None:
        self.waits = 0
        self._begun = asyncio.Condition()

    async def changed(self, watch: Watch, timeout_s: float = 0) -> None:
        """Takes the place of `Watch.changed`."""
        async with self._begun:
            self.waits += 1
            self._begun.notify_all()
        await watch._woken.wait()
        watch._woken.clear()

    async def begin(self, count: int = 1) -> None:
        """Return when so many wait."""
        async with asyncio.timeout(20), self._begun:
            await self._begun.wait_for(lambda: self.waits >= count)


@pytest.fixture
def waiters(monkeypatch: pytest.MonkeyPatch) -> Waiters:
    waiters = Waiters()

    async def changed(watch: Watch, timeout_s: float = 0) -> None:
        await waiters.changed(watch, timeout_s)

    monkeypatch.setattr(Watch, "changed", changed)
    return waiters


async def test_an_unchanged_job_is_answered_304(api: httpx2.AsyncClient, jobs: Jobs) -> None:
    job_id = await jobs.smoke()
    first = await api.get(f"/jobs/{job_id}")
    again = await api.get(f"/jobs/{job_id}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]

    await jobs.queue.cancel(job_id, USER)
    changed = await api.get(f"/jobs/{job_id}", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["status"] == "failed"
    assert changed.headers["ETag"] != first.headers["ETag"]


async def test_the_tag_tells_another_place_in_the_queue(
    api: httpx2.AsyncClient, jobs: Jobs
) -> None:
    first, second = await jobs.smoke("s1"), await jobs.smoke("s2")
    before = await api.get(f"/jobs/{second}")
    await jobs.queue.cancel(first, USER)
    after = await api.get(f"/jobs/{second}", headers={"If-None-Match": before.headers["ETag"]})
    assert (before.json()["queuePosition"], after.json()["queuePosition"]) == (2, 1)


async def test_a_wait_is_answered_when_the_job_changes(
    api: httpx2.AsyncClient, jobs: Jobs, waiters: Waiters
) -> None:
    """No worker: nothing but the cancellation can have woken it."""
    job_id = await jobs.smoke()
    waiting = asyncio.create_task(wait_for(api, job_id))
    await waiters.begin()
    await jobs.queue.cancel(job_id, USER)
    answer = await waiting
    assert answer.json()["error"]["code"] == "cancelled"
    assert answer.headers["Preference-Applied"] == "wait=20"


async def someone_watches(jobs: Jobs, job_id: str) -> None:
    """Return when an API process listens for the job's changes."""
    channel = keys.changed_channel(job_id)
    for _ in range(1_000):
        if dict(await jobs.redis.pubsub_numsub(channel))[channel.encode()]:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody listens")


async def test_waits_follow_a_job_from_the_queue_to_its_end(
    api: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker
) -> None:
    job_id = await jobs.smoke(sleep_s=0.3, progress=3)
    seen: list[dict[str, Any]] = []
    etag = None
    while not seen or seen[-1]["status"] not in ("done", "failed"):
        answer = await wait_for(api, job_id, etag)
        assert answer.status_code == 200
        etag = answer.headers["ETag"]
        seen.append(answer.json())
    assert seen[-1]["result"]["output"]["echo"] == ""
    assert len({str(job) for job in seen}) == len(seen), "each answer says something new"


async def test_many_wait_over_one_connection(
    api: httpx2.AsyncClient, jobs: Jobs, waiters: Waiters
) -> None:
    job_id = await jobs.smoke()
    waiting = [asyncio.create_task(wait_for(api, job_id)) for _ in range(50)]
    await waiters.begin(50)
    await someone_watches(jobs, job_id)
    clients = await jobs.redis.client_list()
    assert sum(1 for client in clients if client["sub"] != "0") == 1
    await jobs.queue.cancel(job_id, USER)
    for answer in await asyncio.gather(*waiting):
        assert answer.json()["status"] == "failed"


async def test_a_wait_ends_with_what_is_known_by_then(api: httpx2.AsyncClient, jobs: Jobs) -> None:
    job_id = await jobs.smoke()
    began = time.monotonic()
    answer = await wait_for(api, job_id, wait_s=1)
    assert (answer.status_code, answer.json()["status"]) == (200, "queued")
    assert time.monotonic() - began > 0.99
    unchanged = await wait_for(api, job_id, answer.headers["ETag"], wait_s=1)
    assert unchanged.status_code == 304
    assert unchanged.headers["Preference-Applied"] == "wait=1"


@pytest.mark.parametrize("tag", [None, 'W/"of an earlier state"'])
async def test_nobody_waits_for_what_is_known_to_have_changed_or_ended(
    api: httpx2.AsyncClient, jobs: Jobs, waiters: Waiters, tag: str | None
) -> None:
    job_id = await jobs.smoke()
    if tag is None:
        await jobs.queue.cancel(job_id, USER)
    answer = await wait_for(api, job_id, tag)
    assert answer.status_code == 200
    assert waiters.waits == 0


async def test_a_job_that_vanishes_while_it_is_waited_for_is_unknown(
    api: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    waiting = asyncio.create_task(wait_for(api, job_id))
    await someone_watches(jobs, job_id)
    await jobs.redis.delete(keys.job_key(job_id))
    await jobs.redis.publish(keys.changed_channel(job_id), "")
    answer = await waiting
    assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")


async def test_waiters_are_woken_again_after_redis_cut_them_off(
    api: httpx2.AsyncClient, jobs: Jobs
) -> None:
    job_id = await jobs.smoke()
    waiting = asyncio.create_task(wait_for(api, job_id))
    await someone_watches(jobs, job_id)
    await jobs.redis.client_kill_filter(_type="pubsub")
    await someone_watches(jobs, job_id)
    await jobs.queue.cancel(job_id, USER)
    answer = await waiting
    assert answer.json()["status"] == "failed"


async def pages(api: httpx2.AsyncClient, **wanted: str | int) -> list[list[str]]:
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        params = wanted | ({"cursor": cursor} if cursor else {})
        page = (await api.get("/jobs", params=params)).json()
        found.append([job["jobId"] for job in page["items"]])
        cursor = page["nextCursor"]
        if cursor is None:
            return found


async def all_listed(api: httpx2.AsyncClient, limit: int) -> list[str]:
    return [job_id for page in await pages(api, limit=limit) for job_id in page]


async def test_pages_neither_repeat_nor_miss_a_job(api: httpx2.AsyncClient, jobs: Jobs) -> None:
    made = [await jobs.smoke(f"s{number}") for number in range(7)]
    assert await all_listed(api, limit=2) == made[::-1]
    await made_at_one_moment(jobs.redis, made)
    for limit in (1, 2, 3, 7):
        assert sorted(await all_listed(api, limit)) == sorted(made)


async def test_a_page_reads_so_many_jobs_and_no_more(
    api: httpx2.AsyncClient, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_list, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(job_list, "_MOST_READ", 3)
    made = [await jobs.smoke(f"s{number}") for number in range(7)]
    await jobs.queue.cancel(made[0], USER)
    failed = await pages(api, status="failed", limit=5)
    assert failed[0] == []
    assert failed[-1] == [made[0]]
    queued = await pages(api, status="queued", limit=5)
    assert len(queued) > 1
    assert [job_id for page in queued for job_id in page] == made[:0:-1]


async def made_at_one_moment(redis: Redis, job_ids: list[str]) -> None:
    await redis.zadd(keys.user_jobs_key(USER), dict.fromkeys(job_ids, 1_700_000_000.25))


async def test_jobs_that_come_or_expire_between_pages_shift_nothing(
    api: httpx2.AsyncClient, jobs: Jobs
) -> None:
    made = [await jobs.smoke(f"s{number}") for number in range(6)]
    first = (await api.get("/jobs", params={"limit": 2})).json()
    await jobs.smoke("new")
    # One that was listed and names the cursor's place, and one that is still to come.
    await jobs.redis.delete(keys.job_key(made[4]), keys.job_key(made[2]))
    rest = await api.get("/jobs", params={"limit": 50, "cursor": first["nextCursor"]})
    assert [job["jobId"] for job in first["items"]] == [made[5], made[4]]
    assert [job["jobId"] for job in rest.json()["items"]] == [made[3], made[1], made[0]]
    assert await jobs.redis.zscore(keys.user_jobs_key(USER), made[2]) is None
