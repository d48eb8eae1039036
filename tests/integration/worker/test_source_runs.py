"""Sources by a job and within a request: from the same library, saved with where they stand."""

from __future__ import annotations

from typing import Any

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import artifacts
from backend.db.unit_of_work import UnitOfWork
from backend.domain.sources import SOURCES, Sources
from backend.worker.agents_worker import AgentsWorker

LECTURE = "Cache eviction frees room. Without cache eviction a cache grows. Cache eviction is hard."
EARLIER = "Last week.\n\nCache eviction is the rule by which an entry leaves a cache first."
MAKE = "/agents/source_finder/v1/sources"


async def _session(api: httpx2.AsyncClient, title: str, text: str) -> str:
    session_id: str = (await api.post("/sessions", json={"title": title})).json()["id"]
    added = await api.post(f"/sessions/{session_id}/materials", json={"title": title, "text": text})
    assert added.status_code == 201
    return session_id


def _body(session_id: str) -> dict[str, Any]:
    return {"session_id": session_id, "query": {"topics": ["cache eviction"]}, "memory": "backend"}


async def _result(api: httpx2.AsyncClient, job_id: str) -> dict[str, Any]:
    while True:
        job = (await api.get(f"/jobs/{job_id}", headers={"Prefer": "wait=30"})).json()
        assert job["status"] != "failed", job
        if job["status"] == "done":
            result: dict[str, Any] = job["result"]
            return result


async def test_a_job_and_a_request_find_the_same(
    api: httpx2.AsyncClient, worker: AgentsWorker, job_engine: AsyncEngine
) -> None:
    earlier = await _session(api, "Week 1", EARLIER)
    session_id = await _session(api, "Week 2", LECTURE)
    accepted = await api.post(MAKE, json=_body(session_id))
    assert accepted.status_code == 202
    result = await _result(api, accepted.json()["jobId"])
    at_once = await api.post(MAKE, params={"mode": "sync"}, json=_body(session_id))
    assert at_once.status_code == 200, at_once.text

    found = Sources.model_validate(result["output"])
    assert at_once.json()["output"] == result["output"]
    assert at_once.json()["artifact"]["version"] == 2
    (source,) = found.sources
    assert (source.kind, source.session_id) == ("library", earlier)
    assert source.excerpt in EARLIER
    assert [report.provider for report in found.searched] == ["library"]
    async with UnitOfWork(job_engine, read_only=True) as uow:
        current = await artifacts.current(uow, SOURCES, "local", session_id)
    assert (current.number, current.content) == (2, result["output"])
    assert current.provenance.agent == "source_finder"
