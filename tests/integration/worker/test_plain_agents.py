"""Plain functions that leak, crash, exit or say too much: each call has a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend.agents import registry
from backend.agents.registry import agent
from backend.domain.states import JobState
from backend.worker.job_view import JobView
from tests.fixtures import plain_agents
from tests.fixtures.offstage import Jobs


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], str]:
    """Registers a function under its own name, for this test alone."""
    registry.all_agents()
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))

    def register(function: Any) -> str:
        agent(function.__name__, "v1")(function)
        return str(function.__name__)

    return register


async def _ended(jobs: Jobs, agent_id: str) -> JobView:
    return await jobs.ended((await jobs.submit(agent_id)).job_id)


@pytest.mark.parametrize(
    ("function", "code", "said"),
    [
        (plain_agents.needs_too_much_memory, "agent_error", "more than 2048 MB of memory"),
        (plain_agents.exits, "agent_error", "called sys.exit(): return"),
        (plain_agents.exits_at_once, "agent_error", "was ended by os._exit(7)"),
        (plain_agents.crashes, "agent_error", "was ended by SIGSEGV"),
        (plain_agents.returns_50_mb, "invalid_output", "return less of it"),
        (plain_agents.raises_oddly, "agent_error", "_Awkward at plain_agents.py:"),
        (plain_agents.raises_plainly, "agent_error", "raised KeyError at plain_agents.py:"),
    ],
)
async def test_its_author_is_told_and_the_next_job_is_none_the_worse(
    function: Any,
    code: str,
    said: str,
    jobs: Jobs,
    registered: Callable[[Any], str],
    worker: object,
) -> None:
    view = await _ended(jobs, registered(function))
    assert view.error is not None
    assert (view.state, view.error.code) == (JobState.FAILED, code)
    assert said in view.error.message
    assert "a secret of a person" not in view.error.message
    assert (await _ended(jobs, registered(plain_agents.looks_around))).state is JobState.DONE


async def test_what_a_call_leaves_behind_goes_with_its_process(
    jobs: Jobs, registered: Callable[[Any], str], worker: object
) -> None:
    assert (await _ended(jobs, registered(plain_agents.leaves_much_behind))).error is None
    job_id = (await jobs.submit(registered(plain_agents.looks_around))).job_id
    await jobs.ended(job_id)
    assert (await jobs.result(job_id))["output"] == {"text": "(None, False, 1)"}
