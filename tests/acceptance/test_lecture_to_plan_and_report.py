"""From a lecture to its plan and report by HTTP: a real worker process, and within the request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.api.app import create_app
from backend.domain.states import TERMINAL
from backend.settings import Settings
from tests.fixtures.offstage import Process, served


@pytest.fixture
async def client(
    job_settings: Settings, worker_process: Process
) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(create_app(job_settings)) as client:
        yield client


@pytest.fixture
async def session_id(client: httpx2.AsyncClient, samples: Path) -> str:
    session = (await client.post("/sessions", json={"title": "Очереди", "focus": "аренда"})).json()
    text = await asyncio.to_thread((samples / "lecture_ru.txt").read_text, encoding="utf-8")
    material = {"title": "Лекция", "text": text}
    answer = await client.post(f"/sessions/{session['id']}/materials", json=material)
    assert answer.status_code == 201
    return str(session["id"])


async def _run(
    client: httpx2.AsyncClient, session_id: str, agent: str, query: dict[str, Any], **params: str
) -> httpx2.Response:
    body = {"session_id": session_id, "memory": "backend", "query": query}
    return await client.post(f"/agents/{agent}", json=body, params=params)


async def _done(client: httpx2.AsyncClient, accepted: httpx2.Response) -> dict[str, Any]:
    assert accepted.status_code == 202, accepted.text
    async with asyncio.timeout(30):
        while True:
            answer = await client.get(accepted.headers["Location"], headers={"Prefer": "wait=5"})
            job: dict[str, Any] = answer.json()
            if job["status"] in TERMINAL:
                return job


async def test_a_lecture_becomes_a_plan_and_a_report(
    client: httpx2.AsyncClient, session_id: str
) -> None:
    planner, analyst = "learning_planner/v1/plan", "session_analyst/v1/analytics"
    job = await _done(client, await _run(client, session_id, planner, {"hours": 2}))
    assert (job["status"], job["artifact"]["kind"]) == ("done", "plan"), job
    assert job["progress"]["done"] == job["progress"]["total"]
    plan = (await client.get(f"/sessions/{session_id}/plan")).json()
    assert plan["modules"] == job["result"]["output"]["modules"]
    assert plan["minutes"] == sum(module["minutes"] for module in plan["modules"]) == 120
    assert plan["grounding"]["ungrounded"] == 0

    reported = await _done(client, await _run(client, session_id, analyst, {}))
    assert (reported["status"], reported["artifact"]["kind"]) == ("done", "analytics"), reported
    report = (await client.get(f"/sessions/{session_id}/analytics")).json()
    assert [module["moduleId"] for module in report["plan"]] == [m["id"] for m in plan["modules"]]
    assert len(report["questions"]) == 10

    # A person's change outlives the agent's next run, which happens within the request this time.
    edited = [{**plan["modules"][0], "title": "Моё название"}, *plan["modules"][1:]]
    answer = await client.put(
        f"/sessions/{session_id}/plan",
        json={"title": plan["title"], "modules": edited},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text
    sync = await _run(client, session_id, planner, {"action": "update"}, mode="sync")
    assert sync.status_code == 200, sync.text
    assert sync.json()["artifact"]["version"] == 3
    assert sync.json()["output"]["modules"][0]["title"] == "Моё название"
    again = await _run(client, session_id, analyst, {}, mode="sync")
    assert again.json()["output"]["plan"][0]["title"] == "Моё название"


async def test_the_same_plan_is_not_made_twice(client: httpx2.AsyncClient, session_id: str) -> None:
    query = {"hours": 2}
    first = await _run(client, session_id, "learning_planner/v1/plan", query, mode="sync")
    assert first.status_code == 200
    again = await _run(client, session_id, "learning_planner/v1/plan", query, reuse="unchanged")

    assert (again.status_code, again.json()["unchanged"], again.json()["version"]) == (
        200,
        True,
        1,
    )
