"""`Idempotency-Key`: a request that is sent again starts nothing and is answered as before."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from typing import Any

import httpx2
import pytest

from backend.settings import Settings
from backend.worker import keys
from backend.worker.agents_worker import AgentsWorker
from tests.fixtures.offstage import USER, Jobs
from tests.paths import ROOT

BODY: dict[str, Any] = {"session_id": "s1", "query": {"echo": "a"}}


async def start(
    api: httpx2.AsyncClient, key: str, body: dict[str, Any] = BODY, path: str = "smoke/v1"
) -> httpx2.Response:
    headers = {"Idempotency-Key": key}
    return await api.post(f"/jobs/agents/{path}", json=body, headers=headers)


async def test_the_same_request_is_answered_as_before_also_when_its_job_is_done(
    api: httpx2.AsyncClient, jobs: Jobs, worker: AgentsWorker
) -> None:
    first = await start(api, '"k1"')
    assert first.status_code == 202
    assert "Idempotent-Replayed" not in first.headers
    await jobs.ended(first.json()["jobId"])
    # The same to the letter or not: what counts is what it says.
    spelled = {"query": {"echo": "a"}, "sessionId": "s1", "memory": "inmem"}
    for again in (await start(api, '"k1"'), await start(api, "k1", spelled)):
        assert (again.status_code, again.json()) == (202, first.json())
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.headers["Location"] == first.headers["Location"]
    another = await start(api, "k2")
    assert another.json()["jobId"] != first.json()["jobId"]
    assert 86_000 < await jobs.redis.ttl(keys.idempotency_key(USER, "k1")) <= 86_400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("smoke/v1", {**BODY, "query": {"echo": "b"}}),
        ("smoke/v1", {**BODY, "session_id": "s2"}),
    ],
)
async def test_a_key_that_came_with_another_request_is_refused(
    api: httpx2.AsyncClient, jobs: Jobs, path: str, body: dict[str, Any]
) -> None:
    first = await start(api, "k1")
    other = await start(api, "k1", body, path)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await jobs.redis.llen(keys.QueueKeys("agents").queue) == 1
    assert (await start(api, "k1")).json() == first.json()


async def test_a_deduplicated_answer_is_kept_too(api: httpx2.AsyncClient, jobs: Jobs) -> None:
    open_job = await jobs.smoke()
    first = await start(api, "k1")
    assert (first.json()["jobId"], first.json()["deduplicated"]) == (open_job, True)
    await jobs.queue.cancel(open_job, USER)
    assert (await start(api, "k1")).json() == first.json()


async def test_refusals_are_not_kept(api: httpx2.AsyncClient, jobs: Jobs) -> None:
    refused = await start(api, "k1", {**BODY, "query": {"echo": 1}})
    assert refused.status_code == 422
    assert (await start(api, "k1")).status_code == 202


async def test_an_answer_outlives_its_session(api: httpx2.AsyncClient, jobs: Jobs) -> None:
    session_id = (await api.post("/sessions", json={"title": "Ownership"})).json()["id"]
    await api.post(f"/sessions/{session_id}/materials", json={"title": "L", "text": "A lecture."})
    path = "/agents/synopsis_manager/v1/synopsis"
    headers = {"Idempotency-Key": "k1"}
    first = await api.post(path, json={"session_id": session_id}, headers=headers)
    assert first.status_code == 202
    assert (await api.delete(f"/sessions/{session_id}")).status_code == 204
    again = await api.post(path, json={"session_id": session_id}, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())
    without = await api.post(path, json={"session_id": session_id})
    assert without.status_code == 404


@pytest.mark.parametrize("key", ["", '""', "x" * 256, '"half'])
async def test_a_malformed_key_is_refused_by_name(api: httpx2.AsyncClient, key: str) -> None:
    answer = await start(api, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")


async def test_a_run_within_the_request_takes_no_key(api: httpx2.AsyncClient) -> None:
    answer = await api.post(
        "/agents/synopsis_manager/v1/synopsis",
        params={"mode": "sync"},
        json={"session_id": "s1"},
        headers={"Idempotency-Key": "k1"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")


async def test_an_answer_that_got_lost_on_the_way_from_redis_is_no_replay(jobs: Jobs) -> None:
    """redis-py asks again with the same arguments, and the caller is told of one new job."""
    claim, lists = keys.claim_key(USER, "smoke@v1", "s1"), [keys.user_jobs_key(USER)] * 2
    names = [claim, *lists, keys.idempotency_key(USER, "k1")]
    head = ["j1", "agents", 0, 60, "smoke@v1", "", "digest", 60, ""]
    call = [*head, "status", "queued", "agent_user", USER]
    scripts = jobs.queue._scripts
    first, second = [await scripts.submit(names, call) for _ in range(2)]
    assert first == second
    assert (first[1], first[6]) == (b"created", 0)


async def test_one_key_from_four_processes_at_once_starts_one_job(
    job_settings: Settings, jobs: Jobs
) -> None:
    for number in range(3):
        arguments = [job_settings.redis_dsn(), f"s{number}", "125", f"key-{number}"]
        processes = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.integration.worker.submitter", *arguments),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(4)
        ]
        told = [await process.communicate() for process in processes]
        lines = [line for output, _ in told for line in output.decode().splitlines()]
        assert len(lines) == 500
        assert len({line.split()[0] for line in lines}) == 1
        # One made it; all others were told the same, word for word.
        assert Counter(line.split()[1:][1] for line in lines) == {"True": 499, "False": 1}
        assert {line.split()[1] for line in lines} == {"False"}
        assert await jobs.redis.llen(keys.QueueKeys("agents").queue) == number + 1
