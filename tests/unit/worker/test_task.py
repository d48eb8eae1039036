"""`run_agent_job`: load, run, commit, return, with a model that isn't one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.agents.context import AgentContext
from backend.db import sessions
from backend.db.artifact_tables import tables_of
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS, Synopsis
from backend.domain.events import FinalResult, RunEvent
from backend.settings import Settings
from backend.worker.delivery import JobFailed
from backend.worker.job import JobPayload
from backend.worker.runtime import open_runtime
from backend.worker.tasks import run_agent_job
from tests.fixtures.offstage import USER, NewAgent

SAID = {"title": "Notes", "language": "en", "items": [{"type": "text", "text": "Said."}]}


async def _notes(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
    model = TestModel(custom_output_args=SAID)
    result = await Agent(model, output_type=Synopsis).run("Take notes.")
    context.count_usage(result.usage)
    yield FinalResult(output=result.output.model_dump(mode="json", by_alias=True))


@pytest.fixture
async def session_id(job_engine: AsyncEngine) -> str:
    async with UnitOfWork(job_engine) as uow:
        session = await sessions.create(uow, USER, {"title": "Lecture"})
        await uow.commit()
    return session.id


def _payload(agent_id: str, session_id: str, **more: Any) -> dict[str, Any]:
    payload = JobPayload(
        job_id="the-job",
        agent=agent_id,
        version="v1",
        session_id=session_id,
        user_id=USER,
        query={},
        **more,
    )
    return payload.model_dump(mode="json")


async def _rows(engine: AsyncEngine, table: Any) -> list[Any]:
    async with UnitOfWork(engine, read_only=True) as uow:
        return list(await uow.connection.execute(select(table)))


async def test_what_the_agent_made_is_a_row_with_its_origin(
    job_settings: Settings, job_engine: AsyncEngine, session_id: str, new_agent: NewAgent
) -> None:
    agent_id = new_agent(_notes, saves=SYNOPSIS, output=Synopsis)
    async with open_runtime(job_settings):
        payload = await run_agent_job(_payload(agent_id, session_id))

    tables = tables_of(SYNOPSIS)
    [head] = await _rows(job_engine, tables.heads)
    [version] = await _rows(job_engine, tables.versions)
    assert (head.session_id, head.current_version) == (session_id, 1)
    assert (version.artifact_id, version.number, version.kind) == (head.id, 1, "agent")
    assert (version.job_id, version.attempt, version.title) == ("the-job", 1, "Notes")
    assert version.provenance["agent"] == agent_id
    assert version.provenance["requests"] == 1
    assert version.content["items"][0]["text"] == "Said."
    assert payload["output"] == version.content
    assert payload["artifact"] == {"kind": "synopsis", "id": head.id, "version": 1}
    assert payload["usage"]["requests"] == 1


async def test_the_same_job_again_finds_what_it_saved_and_asks_no_model(
    job_settings: Settings, job_engine: AsyncEngine, session_id: str, new_agent: NewAgent
) -> None:
    asked: list[int] = []

    async def run(self: Any, context: AgentContext, query: Any) -> AsyncIterator[RunEvent]:
        asked.append(context.attempt)
        async for event in _notes(self, context, query):
            yield event

    agent_id = new_agent(run, saves=SYNOPSIS, output=Synopsis)
    async with open_runtime(job_settings):
        first = await run_agent_job(_payload(agent_id, session_id))
        again = await run_agent_job(_payload(agent_id, session_id))
    assert (again["output"], again["artifact"]) == (first["output"], first["artifact"])
    assert asked == [1]
    assert len(await _rows(job_engine, tables_of(SYNOPSIS).versions)) == 1


async def test_without_side_effects_there_is_no_row(
    job_settings: Settings, job_engine: AsyncEngine, session_id: str, new_agent: NewAgent
) -> None:
    agent_id = new_agent(_notes, saves=SYNOPSIS, output=Synopsis)
    async with open_runtime(job_settings):
        payload = await run_agent_job(_payload(agent_id, session_id, apply_side_effects=False))
    assert payload["output"]["title"] == "Notes"
    assert payload["artifact"] is None
    assert await _rows(job_engine, tables_of(SYNOPSIS).versions) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"session_id": "nowhere"}, "session_not_found"),
        ({"version": "v9"}, "agent_not_found"),
        ({"query": {"text": ["secret"]}}, "invalid_query"),
        ({"of": "another version", "text": "secret"}, "misconfigured"),
    ],
)
async def test_what_cannot_run_fails_for_good_with_its_reason(
    wrong: dict[str, Any],
    code: str,
    job_settings: Settings,
    job_engine: AsyncEngine,
    session_id: str,
    new_agent: NewAgent,
) -> None:
    agent_id = new_agent(_notes, saves=SYNOPSIS, output=Synopsis)
    async with open_runtime(job_settings):
        with pytest.raises(JobFailed) as failure:
            await run_agent_job(_payload(agent_id, session_id) | wrong)
    assert failure.value.error.code == code
    assert failure.value.decision.is_final
    assert "secret" not in str(failure.value)
