"""The example of docs/agents.md, put in as a file and nothing else, gets all that agents get."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents import registry
from backend.api.app import create_app
from backend.domain.states import JobState
from backend.errors import ProviderUnavailable
from backend.settings import Settings
from tests.fixtures.offstage import Jobs, asgi_client, running_worker
from tests.unit.agents.test_agents_guide import FILES

ROUTE = "/jobs/agents/word_finder/v1"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module, as importing it registers it."""
    (tmp_path / "word_finder.py").write_text(FILES["word_finder"], encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.all_agents()
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))
    yield importlib.import_module("word_finder")
    sys.modules.pop("word_finder", None)


@pytest.fixture
async def client(
    example: Any, job_settings: Settings, job_engine: AsyncEngine
) -> AsyncIterator[httpx2.AsyncClient]:
    async with asgi_client(create_app(job_settings)) as opened:
        yield opened


async def _session(client: httpx2.AsyncClient, *texts: str) -> str:
    session_id = str((await client.post("/sessions", json={"title": "Queues"})).json()["id"])
    for text in texts:
        body = {"title": "Lecture", "text": text}
        added = await client.post(f"/sessions/{session_id}/materials", json=body)
        assert added.status_code == 201
    return session_id


def _request(session_id: str, **query: Any) -> dict[str, Any]:
    return {"session_id": session_id, "query": query, "memory": "backend"}


async def test_it_is_described_and_its_query_is_checked(client: httpx2.AsyncClient) -> None:
    listed = {each["id"]: each for each in (await client.get("/agents")).json()["items"]}
    assert listed["word_finder"]["inputSchema"]["required"] == ["word"]
    assert listed["word_finder"]["summary"] == "Finds the lines of the material that have a word."

    document = (await client.get("/openapi.json")).json()
    operation, schemas = document["paths"][ROUTE]["post"], document["components"]["schemas"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    request = schemas[body.rpartition("/")[2]]
    assert operation["operationId"] == "submit_word_finder_v1"
    assert request["required"] == ["session_id", "query"]
    query = schemas[request["properties"]["query"]["$ref"].rpartition("/")[2]]
    assert query["properties"]["word"]["type"] == "string"

    refused = await client.post(ROUTE, json=_request(await _session(client, "A text."), word=1))
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == ["query.word"]


async def test_it_is_queued_once_tried_again_and_counted(
    example: Any,
    client: httpx2.AsyncClient,
    jobs: Jobs,
    job_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session_id = await _session(client, "A queue holds jobs.\nA fox runs.", "No word of it.")
    asked: list[str] = []
    find = example.find

    async def find_once_the_provider_is_back(text: str, query: Any) -> list[str]:
        asked.append(text[:2])
        if asked.count("No") == 1 and text.startswith("No"):
            raise ProviderUnavailable("It is away.")
        found: list[str] = await find(text, query)
        return found

    monkeypatch.setattr(example, "find", find_once_the_provider_is_back)
    body = _request(session_id, word="queue")
    first = await client.post(ROUTE, json=body, headers={"Idempotency-Key": "k1"})
    again = await client.post(ROUTE, json=body)
    job_id = first.json()["jobId"]
    assert (first.status_code, again.json()["jobId"]) == (202, job_id)
    assert again.json()["deduplicated"] is True

    async with running_worker(job_settings):
        await jobs.waits_for_retry(job_id)
        await jobs.make_retry_due(job_id)
        view = await jobs.ended(job_id)
    assert (view.state, view.attempt) == (JobState.DONE, 2)
    assert asked == ["A ", "No", "No"], "a step that was done is not done again"

    told = await jobs.event_types(job_id)
    assert told == [
        *("run_started", "progress", "retry_scheduled"),
        *("run_started", "progress", "progress", "final_result"),
    ]
    job = (await client.get(f"/jobs/{job_id}")).json()
    assert job["result"]["output"] == {"lines": ["A queue holds jobs."]}
    assert job["progress"] == {"type": "progress", "done": 2, "total": 2, "note": "reading"}
    replayed = await client.post(ROUTE, json=body, headers={"Idempotency-Key": "k1"})
    assert replayed.json()["jobId"] == job_id
    metrics = (await client.get("/metrics")).text
    assert 'jobs_total{status="done",type="word_finder@v1"} 1.0' in metrics
