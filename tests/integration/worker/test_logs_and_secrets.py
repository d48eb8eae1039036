"""What a real worker process logs, and that nobody's secret ends up in what Offstage keeps."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pypdf import PdfReader

from backend.api.app import create_app
from backend.settings import Settings
from tests.fixtures.aimock import AiMock
from tests.fixtures.offstage import OUR_WORKER, Jobs, Process, asgi_client, open_jobs, process
from tests.fixtures.redis import stored_values
from tests.fixtures.traces import Collector
from tests.integration.worker.conftest import answers_well, session_with_lecture

QUERY, PROVIDER, ANSWER = "canary-of-query", "canary-of-provider", "canary-of-answer"
KEY, PASSWORD = "canary-of-key", "canary-of-password"
CANARIES = (QUERY, PROVIDER, ANSWER, KEY, PASSWORD)


@dataclass(frozen=True)
class Watched:
    """Offstage with a worker process, a provider and a collector, all of it watched."""

    client: httpx2.AsyncClient
    jobs: Jobs
    worker: Process

    async def make_notes(self, session_id: str) -> dict[str, Any]:
        """Run the agent with a secret in its query; the job as the API shows it in the end."""
        accepted = await self.client.post(
            "/agents/synopsis_manager/v1/synopsis",
            json={"session_id": session_id, "query": {"instructions": QUERY}},
        )
        job_id = accepted.json()["jobId"]
        await self.jobs.until(job_id, lambda view: bool(view.ended_at or view.retry_at))
        shown: dict[str, Any] = (await self.client.get(f"/jobs/{job_id}")).json()
        return shown

    async def shown(self, path: str) -> str:
        """What a route answers, as text; files are unpacked."""
        answer = await self.client.get(path)
        # No worker runs any more, and that it says so is told too.
        assert answer.status_code == (503 if path == "/readyz" else 200), path
        return f"{answer.headers}\n{_as_text(answer.content)}"

    async def stop(self) -> None:
        await asyncio.to_thread(self.worker.stop)


def _as_text(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        file = PdfReader(io.BytesIO(content))
        pages = [page.extract_text() for page in file.pages]
        return "\n".join([*pages, str(file.metadata)])
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(_as_text(packed.read(name)) for name in packed.namelist())
    return content.decode(errors="replace")


def _routes_that_show(session_id: str, job: dict[str, Any]) -> list[str]:
    """Whatever tells of the session, its runs or the server."""
    session = f"/sessions/{session_id}"
    synopsis = f"{session}/synopsis"
    return [
        *[session, f"{session}/materials", synopsis, f"{synopsis}/versions"],
        *[f"{synopsis}/versions/1", f"{synopsis}/versions/1/diff?against=1"],
        *[f"{synopsis}/export?format={name}" for name in ("md", "html", "pdf", "anki")],
        *["/jobs", f"/jobs/{job['jobId']}", f"/jobs/{job['jobId']}/events"],
        *["/metrics", "/readyz", "/agents", "/openapi.json", "/whoami"],
    ]


@pytest.fixture
def settings(
    provider_settings: Settings,
    collector: Collector,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """With secrets wherever settings have them."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return provider_settings.model_copy(
        update={
            "otel_exporter_otlp_endpoint": collector.url,
            "database_url": type(provider_settings.database_url)(
                postgres_url.replace("postgres@", f"postgres:{PASSWORD}@")
            ),
        }
    )


@pytest.fixture
async def watched(settings: Settings, tmp_path: Path, tracing: None) -> AsyncIterator[Watched]:
    log = tmp_path / "worker.log"
    async with asgi_client(create_app(settings)) as client, open_jobs(settings) as jobs:
        with process(OUR_WORKER, settings, log, OPENAI_API_KEY=KEY) as worker:
            yield Watched(client, jobs, worker)


async def test_every_line_of_a_job_has_its_id_and_its_trace(
    watched: Watched, aimock: AiMock
) -> None:
    answers_well(aimock)
    session_id = await session_with_lecture(watched.client)
    job = await watched.make_notes(session_id)
    assert job["status"] == "done"
    await watched.stop()

    lines = watched.worker.log_lines()
    events = [line["event"] for line in lines]
    of_job = lines[events.index("job started") : events.index("job done") + 1]
    assert len(of_job) >= 2
    marks = {"job_id": job["jobId"], "trace_id": job["traceId"]}
    assert [line for line in of_job if not marks.items() <= line.items()] == []
    assert events[0] == "worker ready"
    assert events[-1] == "worker gone"


async def test_no_secret_is_kept_or_told(
    watched: Watched,
    aimock: AiMock,
    collector: Collector,
    spans: InMemorySpanExporter,
    capsys: pytest.CaptureFixture[str],
) -> None:
    session_id = await session_with_lecture(watched.client)

    aimock.refuse(401, f"{PROVIDER}: the key {KEY} is wrong")
    refused = await watched.make_notes(session_id)
    assert (refused["status"], refused["error"]["code"]) == ("failed", "provider_error")

    aimock.reset()
    aimock.refuse(429, PROVIDER, retry_after_s=600)
    busy = await watched.make_notes(session_id)
    assert (busy["status"], busy["error"]["code"]) == ("queued", "provider_error")
    await watched.client.post(f"/jobs/{busy['jobId']}/cancel")

    aimock.reset()
    aimock.answer({"toolCalls": [{"name": "final_result", "arguments": {"items": ANSWER}}]})
    misformed = await watched.make_notes(session_id)
    assert (misformed["status"], misformed["error"]["code"]) == ("failed", "invalid_output")

    aimock.reset()
    answers_well(aimock)
    done = await watched.make_notes(session_id)
    assert done["status"] == "done"
    assert any(KEY in json.dumps(entry) or QUERY in json.dumps(entry) for entry in aimock.journal())
    await watched.stop()

    answers = json.dumps([refused, busy, misformed, done])
    shown = {path: await watched.shown(path) for path in _routes_that_show(session_id, done)}
    assert "Ownership" in shown[f"/sessions/{session_id}/synopsis/export?format=pdf"]
    assert '"provenance":{' in shown[f"/sessions/{session_id}/synopsis"]
    assert "jobs_total" in shown["/metrics"]
    exported = "\n".join(str(span) for span in collector.next_spans())
    assert "run synopsis_manager@v1" in exported
    traced = "\n".join(span.to_json() for span in spans.get_finished_spans())
    assert "submit synopsis_manager@v1" in traced
    kept = [text async for text in stored_values(watched.jobs.redis, payloads=False)]
    assert any(done["jobId"] in text for text in kept)
    told = {
        "answers": answers,
        "spans of the worker": exported,
        "spans of the API": traced,
        "log of the worker": watched.worker.log(),
        "log of the API": "".join(capsys.readouterr()),
        "Redis": "\n".join(kept),
        **shown,
    }
    found = {
        (where, canary) for where, text in told.items() for canary in CANARIES if canary in text
    }
    assert found == set()
