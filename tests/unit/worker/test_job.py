"""A job's hash: what RQ 3 reads there, and what callers see of it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as SyncRedis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import Worker

from backend.domain.events import Progress, Usage
from backend.domain.states import PUBLIC_STATE, JobState
from backend.errors import Misconfigured, ProviderUnavailable
from backend.worker.agents_worker import AgentsWorker
from backend.worker.job import (
    TASK,
    AgentJob,
    JobError,
    JobLimits,
    JobPayload,
    new_job_fields,
    payload_of,
    read_return_value,
    rq_return_value,
)
from backend.worker.job_view import view_of
from tests.fixtures.offstage import Jobs

PAYLOAD = JobPayload(
    job_id="a" * 32,
    agent="smoke",
    version="v1",
    session_id="s1",
    user_id="local",
    query={"echo": "привет"},
)


def _fields(**changed: Any) -> dict[bytes, bytes]:
    limits = JobLimits(timeout_s=900, result_ttl_s=3600)
    fields = new_job_fields(PAYLOAD, "agents", limits, "the-claim", "f" * 32) | changed
    return {
        name.encode(): value if isinstance(value, bytes) else str(value).encode()
        for name, value in fields.items()
    }


def test_our_hash_has_what_rqs_own_enqueue_writes(redis_url: str) -> None:
    with SyncRedis.from_url(redis_url) as connection:
        queue = Queue("agents", connection=connection, serializer=JSONSerializer)
        args = (PAYLOAD.as_argument(),)
        theirs = queue.enqueue(TASK, args=args, job_timeout=930, result_ttl=3600, failure_ttl=3600)
        written = {k: v for k, v in connection.hgetall(f"rq:job:{theirs.id}").items() if v}
    ours = {name: value for name, value in _fields().items() if not name.startswith(b"agent_")}
    differ = {b"created_at", b"enqueued_at", b"description", b"data"}
    assert {k: v for k, v in ours.items() if k not in differ} == {
        k: v for k, v in written.items() if k not in differ
    }
    assert ours.keys() == written.keys()
    assert json.loads(ours[b"data"]) == json.loads(zlib.decompress(written[b"data"]))


def test_a_large_argument_is_compressed_as_rqs_own_is() -> None:
    payload = PAYLOAD.model_copy(update={"query": {"echo": "привет " * 1_000}})
    fields = new_job_fields(payload, "agents", JobLimits(900, 3600), "the-claim", "f" * 32)
    assert len(fields["data"]) < 1_000
    assert payload_of(fields) == payload


async def test_rq_reads_our_jobs(jobs: Jobs, worker: AgentsWorker) -> None:
    done, failed = await jobs.smoke("s1", echo="hi"), await jobs.smoke("s2", fail="error")
    await jobs.ended(done)
    await jobs.ended(failed)
    await asyncio.to_thread(_read_with_rq, jobs.settings.redis_dsn(), done, failed)


def _read_with_rq(redis_url: str, done: str, failed: str) -> None:
    with SyncRedis.from_url(redis_url) as connection:
        job = Job.fetch(done, connection=connection, serializer=JSONSerializer)
        assert (job.get_status(), job.func_name, job.origin) == ("finished", TASK, "agents")
        assert job.return_value() is not None
        assert job.return_value()["output"]["echo"] == "hi"
        job = Job.fetch(failed, connection=connection, serializer=JSONSerializer)
        assert job.get_status() == "failed"
        result = job.latest_result()
        assert result is not None
        assert result.exc_string.startswith(
            "agent_error: smoke@v1 raised RuntimeError at smoke.py:"
        )
        queue = Queue("agents", connection=connection, serializer=JSONSerializer)
        assert queue.finished_job_registry.get_job_ids() == [done]
        assert queue.failed_job_registry.get_job_ids() == [failed]
        [worker] = Worker.all(connection=connection)
        assert worker.queue_names() == ["agents"]
        assert (worker.successful_job_count, worker.failed_job_count) == (1, 1)


async def test_rq_info_shows_our_queue(jobs: Jobs, worker: AgentsWorker) -> None:
    await jobs.ended(await jobs.smoke())
    rq = Path(sys.executable).with_name("rq")
    process = await asyncio.create_subprocess_exec(
        *(rq, "info", "--url", jobs.settings.redis_dsn(), "agents"),
        env={**os.environ, "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    assert "agents" in output.decode()
    assert "1 workers" in output.decode()


def test_a_payload_comes_back_as_it_went_in() -> None:
    fields = {name.decode(): value for name, value in _fields().items()}
    assert payload_of(fields) == PAYLOAD


@pytest.mark.parametrize(
    "data",
    [
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(b"[]"),
        pytest.param(zlib.compress(b"[" * 200_000), id="deep"),
        pytest.param(zlib.compress(b" " * 100_000_000 + b"[]"), id="a bomb"),
        pytest.param(zlib.compress(b"[]")[:-1], id="cut off"),
        pytest.param(b"[" * 200_000, id="deep as it is"),
        zlib.compress(b'["os.system", null, ["touch x"], {}]'),
        zlib.compress(json.dumps([TASK, None, [], {}]).encode()),
        zlib.compress(json.dumps([TASK, None, [{"query": "secret"}], {}]).encode()),
    ],
)
def test_anything_else_is_refused_and_not_repeated(data: bytes) -> None:
    with pytest.raises(Misconfigured) as refused:
        payload_of({"data": data})
    assert "secret" not in refused.value.message
    assert "touch" not in refused.value.message


def test_stored_callbacks_and_webhooks_are_left_alone(redis_url: str) -> None:
    with SyncRedis.from_url(redis_url) as connection:
        job = AgentJob.create(TASK, connection=connection, serializer=JSONSerializer)
        job._success_callback_name = job._failure_callback_name = "os.system"
        job._stopped_callback_name = "os.system"
        job.save()
        read = AgentJob.fetch(job.id, connection=connection, serializer=JSONSerializer)
        foreign = AgentJob.create("os.system", connection=connection, serializer=JSONSerializer)
    assert (read.success_callback, read.failure_callback, read.stopped_callback) == (None,) * 3
    with pytest.raises(PermissionError):
        assert foreign.func


def test_a_new_job_as_its_caller_sees_it() -> None:
    view = view_of(PAYLOAD.job_id, _fields())
    assert view is not None
    assert (view.agent, view.version, view.session_id, view.user_id) == (
        *("smoke", "v1", "s1", "local"),
    )
    assert (view.state, view.attempt, view.max_attempts) == (JobState.QUEUED, 1, 4)
    assert (view.error, view.progress, view.usage, view.started_at) == (None,) * 4


def test_crashes_have_a_budget_of_their_own() -> None:
    view = view_of(PAYLOAD.job_id, _fields(agent_errors=1, agent_crashes=2))
    assert view is not None
    assert (view.attempt, view.max_attempts) == (4, 6)


def test_what_a_run_told_last_is_shown() -> None:
    told = _fields(
        agent_progress=Progress(done=1, total=2).model_dump_json(),
        agent_usage=Usage(requests=3).model_dump_json(),
    )
    view = view_of(PAYLOAD.job_id, told)
    assert view is not None
    assert (view.progress, view.usage) == (Progress(done=1, total=2), Usage(requests=3))


@pytest.mark.parametrize("rq_status", sorted(PUBLIC_STATE))
def test_every_status_of_rq_has_its_state(rq_status: str) -> None:
    view = view_of(PAYLOAD.job_id, _fields(status=rq_status))
    assert view is not None
    assert view.state is PUBLIC_STATE[rq_status]
    assert (view.error is not None) == (view.state is JobState.FAILED)


def test_why_it_waits_is_shown_while_it_waits() -> None:
    reason = JobError.of(ProviderUnavailable("Busy.")).model_dump_json()
    at = "2026-11-22T10:00:00.000000Z"
    waits = view_of("a", _fields(status="scheduled", agent_retry_reason=reason, agent_retry_at=at))
    runs = view_of("a", _fields(status="started", agent_retry_reason=reason, agent_retry_at=at))
    assert waits is not None
    assert waits.error is not None
    assert (waits.error.code, waits.retry_at is None) == ("provider_error", False)
    assert runs is not None
    assert (runs.error, runs.retry_at) == (None, None)


@pytest.mark.parametrize("missing", ["agent_name", "agent_user", "status", "created_at"])
def test_half_a_hash_is_no_job(missing: str) -> None:
    fields = _fields()
    del fields[missing.encode()]
    assert view_of("a", fields) is None


def test_a_result_comes_back_as_it_went_in() -> None:
    result = {"output": {"текст": "да", "null": None}, "usage": None}
    assert read_return_value(rq_return_value(result).encode()) == result
    with pytest.raises(TypeError):
        rq_return_value({"when": object()})
