"""`POST /sessions/{id}/pipeline`, from the request to what stands in the database."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.domain.states import JobState
from backend.settings import Settings
from tests.fixtures.offstage import OUR_WORKER, Jobs, process, running_worker
from tests.integration.worker.conftest import session_with_lecture

FOUR = ["learning_planner", "synopsis_manager", "session_analyst", "source_finder"]
MADE = ["plan", "synopsis", "analytics", "sources"]


@pytest.fixture
def job_database_url(database_url: str) -> str:
    return database_url


async def _start(api: httpx2.AsyncClient, session_id: str, **body: Any) -> list[dict[str, Any]]:
    answer = await api.post(f"/sessions/{session_id}/pipeline", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/jobs?session_id={session_id}"
    jobs: list[dict[str, Any]] = answer.json()["jobs"]
    return jobs


async def test_plan_notes_analysis_and_sources_come_one_after_another_and_build_on_each_other(
    api: httpx2.AsyncClient, jobs: Jobs, job_settings: Settings, job_engine: AsyncEngine
) -> None:
    session_id = await session_with_lecture(api)
    links = await _start(api, session_id)
    ids = [link["jobId"] for link in links]
    assert [link["agent"] for link in links] == FOUR
    assert [link["waitsFor"] for link in links] == [None, *ids[:3]]
    assert {link["status"] for link in links} == {"queued"}
    async with running_worker(job_settings):
        for each in ids:
            view = await jobs.ended(each)
            assert view.error is None
    provenances = [
        (await api.get(f"/sessions/{session_id}/{kind}")).json()["provenance"] for kind in MADE
    ]
    assert [each["jobId"] for each in provenances] == ids
    listed = (await api.get("/jobs", params={"session_id": session_id})).json()["items"]
    assert {job["status"] for job in listed} == {"done"}


async def test_a_worker_killed_in_the_middle_of_a_chain_costs_nothing(
    api: httpx2.AsyncClient,
    jobs: Jobs,
    job_settings: Settings,
    job_engine: AsyncEngine,
    tmp_path: Path,
) -> None:
    session_id = await session_with_lecture(api)
    wanted = [{"agent": "smoke", "query": {"sleep_s": 1}}, {"agent": "synopsis_manager"}]
    first, second = [link["jobId"] for link in await _start(api, session_id, agents=wanted)]
    with process(OUR_WORKER, job_settings, tmp_path / "first.log") as killed:
        await jobs.running(first)
        async with running_worker(job_settings):
            os.kill(killed.pid, signal.SIGKILL)
            views = [await jobs.ended(each) for each in (first, second)]
    assert [(view.state, view.attempt) for view in views] == [
        (JobState.DONE, 2),
        (JobState.DONE, 1),
    ]
    notes = (await api.get(f"/sessions/{session_id}/synopsis")).json()
    assert (notes["version"], notes["provenance"]["jobId"]) == (1, second)


@pytest.mark.parametrize(
    ("agents", "fields"),
    [
        ([{"agent": "smoke"}, {"agent": "nobody"}], ["agents.1.agent"]),
        ([{"agent": "smoke", "version": "v9"}], ["agents.0.agent"]),
        ([{"agent": "smoke"}, {"agent": "smoke"}], ["agents.1.agent"]),
        (
            [{"agent": "nobody"}, {"agent": "smoke", "query": {"sleep_s": "x", "nope": 1}}],
            ["agents.0.agent", "agents.1.query.sleep_s", "agents.1.query.nope"],
        ),
        ([], ["agents"]),
    ],
)
async def test_a_chain_that_cannot_run_names_the_links_at_fault_and_queues_nothing(
    api: httpx2.AsyncClient, jobs: Jobs, agents: list[dict[str, Any]], fields: list[str]
) -> None:
    session_id = await session_with_lecture(api)
    answer = await api.post(f"/sessions/{session_id}/pipeline", json={"agents": agents})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert [key async for key in jobs.redis.scan_iter("rq:*")] == []


async def test_a_chain_needs_its_session_and_its_material(
    api: httpx2.AsyncClient, jobs: Jobs
) -> None:
    assert (await api.post("/sessions/none/pipeline", json={})).status_code == 404
    empty = (await api.post("/sessions", json={"title": "Empty"})).json()["id"]
    answer = await api.post(f"/sessions/{empty}/pipeline", json={})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_material")


async def test_the_same_key_gets_the_same_chain(api: httpx2.AsyncClient, jobs: Jobs) -> None:
    session_id = await session_with_lecture(api)
    headers = {"Idempotency-Key": "one"}
    path = f"/sessions/{session_id}/pipeline"
    first, again = [await api.post(path, json={}, headers=headers) for _ in range(2)]
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    await api.delete(f"/sessions/{session_id}")
    gone = await api.post(path, json={}, headers=headers)
    assert (gone.status_code, gone.json()) == (202, first.json())
