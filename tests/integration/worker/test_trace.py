"""One trace from the request through the queue to each model call."""

from __future__ import annotations

import asyncio
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from backend.api.app import create_app
from backend.settings import Settings
from tests.fixtures.aimock import AiMock
from tests.fixtures.offstage import (
    ONLY_AGENT_JOBS,
    OUR_WORKER,
    Jobs,
    asgi_client,
    open_jobs,
    process,
    running_worker,
    stock_worker,
)
from tests.fixtures.traces import Collector
from tests.integration.worker.conftest import answers_well, session_with_lecture

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
CALLERS_SPAN = "b7ad6b7169203331"


async def test_request_queue_worker_and_model_calls_share_a_trace(
    provider_settings: Settings, aimock: AiMock, spans: InMemorySpanExporter
) -> None:
    answers_well(aimock)
    async with (
        asgi_client(create_app(provider_settings)) as client,
        open_jobs(provider_settings) as jobs,
        running_worker(provider_settings),
    ):
        session_id = await session_with_lecture(client)
        accepted = await client.post(
            "/agents/synopsis_manager/v1/synopsis",
            json={"session_id": session_id},
            headers={"traceparent": f"00-{TRACE_ID}-{CALLERS_SPAN}-01"},
        )
        view = await jobs.ended(accepted.json()["jobId"])
        shown = (await client.get(f"/jobs/{view.job_id}")).json()

    assert (view.error, view.trace_id, shown["traceId"]) == (None, TRACE_ID, TRACE_ID)
    ours = [span for span in spans.get_finished_spans() if _trace_id(span) == TRACE_ID]
    by_id = {_span_id(span): span for span in ours}

    def way_up(span: ReadableSpan) -> list[str]:
        names = [span.name]
        while span.parent is not None and (above := by_id.get(f"{span.parent.span_id:016x}")):
            span = above
            names.append(span.name)
        assert span.parent is not None
        assert f"{span.parent.span_id:016x}" == CALLERS_SPAN
        return names

    calls = [span for span in ours if span.name == "chat stand-in"]
    assert [way_up(span)[1:] for span in calls] == [
        [
            *(f"invoke_agent {asked}", "run synopsis_manager@v1", "submit synopsis_manager@v1"),
            "POST /agents/synopsis_manager/v1/synopsis",
        ]
        for asked in ("PartNotes", "Overview")
    ]
    [run] = [span for span in ours if span.name.startswith("run ")]
    assert run.kind is SpanKind.CONSUMER
    assert run.attributes is not None
    assert run.attributes["offstage.job_id"] == view.job_id
    assert [event.name for event in run.events] == [
        *("run_started", "progress", "progress", "usage", "progress", "usage", "progress"),
        *("artifact_saved", "final_result"),
    ]


async def test_a_failed_run_is_marked_and_without_its_message(
    job_settings: Settings, jobs: Jobs, spans: InMemorySpanExporter
) -> None:
    async with running_worker(job_settings):
        view = await jobs.ended(await jobs.smoke(fail="error"))
    [run] = [span for span in spans.get_finished_spans() if span.name == "run smoke@v1"]
    assert run.status.status_code is StatusCode.ERROR
    assert run.attributes is not None
    assert run.attributes["error.type"] == "agent_error"
    assert "asked to fail" not in run.to_json()
    assert _trace_id(run) == view.trace_id


async def test_our_worker_exports(
    job_settings: Settings, jobs: Jobs, collector: Collector, tmp_path: Path
) -> None:
    settings = job_settings.model_copy(update={"otel_exporter_otlp_endpoint": collector.url})
    view = await _run_one_job(settings, jobs, OUR_WORKER, tmp_path / "worker.log")
    await _is_exported(collector, view)


async def test_a_stock_worker_exports(
    job_settings: Settings, jobs: Jobs, collector: Collector, tmp_path: Path
) -> None:
    settings = job_settings.model_copy(update={"otel_exporter_otlp_endpoint": collector.url})
    command = stock_worker(settings.agent_queue, *ONLY_AGENT_JOBS, "--burst")
    view = await _run_one_job(settings, jobs, command, tmp_path / "worker.log")
    await _is_exported(collector, view)


async def _run_one_job(settings: Settings, jobs: Jobs, command: list[str], log: Path) -> str:
    job_id = await jobs.smoke()
    with process(command, settings, log) as worker:
        trace_id = (await jobs.ended(job_id)).trace_id
        await asyncio.to_thread(worker.stop)
    return trace_id


async def _is_exported(collector: Collector, trace_id: str) -> None:
    [run] = await asyncio.to_thread(collector.next_spans)
    assert run.name == "run smoke@v1"
    assert run.trace_id.hex() == trace_id
    assert [event.name for event in run.events] == ["run_started", "final_result"]


def _trace_id(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}"


def _span_id(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.span_id:016x}"
