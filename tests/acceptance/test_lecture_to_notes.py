"""From a lecture to its notes by HTTP: a real uvicorn, a real worker process, either database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.api.app import create_app
from backend.domain.states import TERMINAL
from backend.settings import Settings
from tests.fixtures.aimock import AiMock
from tests.fixtures.offstage import OUR_WORKER, Process, process, served

RUN = "/agents/synopsis_manager/v1/synopsis"


@dataclass(frozen=True)
class Offstage:
    """The API as a caller sees it."""

    client: httpx2.AsyncClient

    async def session_with(self, *, file: Path) -> str:
        session = await self.client.post("/sessions", json={"title": file.stem})
        assert session.status_code == 201
        session_id: str = session.json()["id"]
        content = await asyncio.to_thread(file.read_bytes)
        uploaded = await self.client.post(
            f"/sessions/{session_id}/materials", files={"file": (file.name, content)}
        )
        assert uploaded.status_code == 201, uploaded.text
        return session_id

    async def start(self, session_id: str, **params: str) -> httpx2.Response:
        body = {"session_id": session_id, "memory": "backend", "query": {"action": "create"}}
        return await self.client.post(RUN, json=body, params=params)

    async def poll(self, accepted: httpx2.Response) -> dict[str, Any]:
        """Follow `Location` as a poller does, until the job has ended."""
        async with asyncio.timeout(30):
            while True:
                answer = await self.client.get(accepted.headers["Location"])
                job: dict[str, Any] = answer.json()
                if job["status"] in TERMINAL:
                    return job
                await asyncio.sleep(0.05)

    async def synopsis(self, session_id: str) -> httpx2.Response:
        return await self.client.get(f"/sessions/{session_id}/synopsis")


@pytest.fixture
def job_database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, unless the test names another kind."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture
async def offstage(job_settings: Settings, worker_process: Process) -> AsyncIterator[Offstage]:
    async with served(create_app(job_settings)) as client:
        yield Offstage(client)


@pytest.mark.parametrize("job_database_url", ["sqlite", "postgres"], indirect=True)
async def test_a_lecture_becomes_notes(
    offstage: Offstage, samples: Path, worker_process: Process
) -> None:
    session_id = await offstage.session_with(file=samples / "lecture_ru.txt")
    missing = await offstage.synopsis(session_id)
    assert (missing.status_code, missing.json()["code"]) == (404, "synopsis_not_found")
    assert missing.json()["generation"] is None

    # Two tabs at once: one run.
    tabs = await asyncio.gather(*(offstage.start(session_id) for _ in range(2)))
    assert [tab.status_code for tab in tabs] == [202, 202]
    assert sorted(tab.json()["deduplicated"] for tab in tabs) == [False, True]
    assert len({tab.json()["jobId"] for tab in tabs}) == 1

    job = await offstage.poll(tabs[0])
    assert (job["status"], job["attempt"]) == ("done", 1), worker_process.log()
    assert job["progress"]["done"] == job["progress"]["total"]
    assert job["artifact"]["kind"] == "synopsis"

    answer = await offstage.synopsis(session_id)
    notes = answer.json()
    assert answer.status_code == 200
    assert (notes["version"], notes["kind"], notes["generation"]) == (1, "agent", None)
    assert notes["provenance"]["jobId"] == job["jobId"]
    assert notes["language"] == "ru"
    assert notes["items"] == job["result"]["output"]["items"]
    assert {item["type"] for item in notes["items"]} >= {"heading", "text"}
    await _says_what_its_sources_say(offstage, session_id, notes)

    # The same code within the request: another version, with the same notes.
    sync = await offstage.start(session_id, mode="sync")
    assert sync.status_code == 200
    payload = sync.json()
    assert payload["output"]["items"] == notes["items"]
    assert payload["artifact"]["version"] == 2
    assert (await offstage.synopsis(session_id)).json()["version"] == 2


async def _says_what_its_sources_say(
    offstage: Offstage, session_id: str, notes: dict[str, Any]
) -> None:
    listed = (await offstage.client.get(f"/sessions/{session_id}/materials")).json()["items"]
    texts = {}
    for material in listed:
        address = f"/sessions/{session_id}/materials/{material['id']}"
        texts[material["id"]] = (await offstage.client.get(address)).json()["text"]
    sourced = [item for item in notes["items"] if item["grounded"] and item["sources"]]
    assert sourced
    for item in sourced:
        for source in item["sources"]:
            assert texts[source["materialId"]][source["start"] : source["end"]].strip()


async def test_a_shared_lecture_becomes_notes(offstage: Offstage, shared_data: Path) -> None:
    session_id = await offstage.session_with(file=shared_data / "ru" / "hf_video_talks_ru_1.txt")
    job = await offstage.poll(await offstage.start(session_id))
    assert (job["status"], job.get("error")) == ("done", None)
    notes = (await offstage.synopsis(session_id)).json()
    assert len(notes["items"]) > 5
    assert notes["provenance"]["jobId"] == job["jobId"]


async def test_a_provider_writes_the_notes_while_the_page_sees_them_coming(
    job_settings: Settings,
    samples: Path,
    tmp_path: Path,
    aimock: AiMock,
) -> None:
    settings = job_settings.model_copy(
        update={"agents_default_model": "openai-chat:tutor", "openai_base_url": aimock.openai_url}
    )
    said = {"kind": "text", "text": "Очередь хранит задачи.", "cites": [1]}
    aimock.answer(_final({"title": "Очередь", "summary": []}), systemMessage="finished study notes")
    aimock.answer(_final({"items": [said]}))
    aimock.disturb(latencyMs=1500)
    log = tmp_path / "worker.log"
    with process(OUR_WORKER, settings, log, OPENAI_API_KEY="not-a-secret") as worker:
        async with served(create_app(settings)) as client:
            offstage = Offstage(client)
            session_id = await offstage.session_with(file=samples / "lecture_ru.txt")
            accepted = await offstage.start(session_id)
            coming = (await offstage.synopsis(session_id)).json()
            assert coming["code"] == "synopsis_not_found"
            assert coming["generation"]["jobId"] == accepted.json()["jobId"]
            assert coming["generation"]["status"] in ("queued", "running")
            again = (await offstage.start(session_id)).json()
            assert (again["deduplicated"], again["jobId"]) == (True, accepted.json()["jobId"])

            job = await offstage.poll(accepted)
            assert job["status"] == "done", worker.log()
            notes = (await offstage.synopsis(session_id)).json()
    assert notes["generation"] is None
    assert notes["title"] == "Очередь"
    assert "Очередь хранит задачи." in [item.get("text") for item in notes["items"]]
    assert notes["provenance"]["model"] == "openai-chat:tutor"
    assert job["usage"]["requests"] == len(aimock.journal()) == 2


def _final(answer: dict[str, Any]) -> dict[str, Any]:
    return {"toolCalls": [{"name": "final_result", "arguments": answer}]}
