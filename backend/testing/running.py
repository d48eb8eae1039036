"""Runs an agent as a worker would, and keeps what it told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from backend.agents.context import AgentContext, Material
from backend.agents.registry import AgentSpec, find_agent, spec_of
from backend.agents.runner import run_agent_with_events
from backend.domain.events import FinalResult, RunEvent
from backend.testing.context import context_of

Event = TypeVar("Event", bound=BaseModel)


@dataclass(frozen=True)
class Run:
    """What a run told, in order, and what it ended with: `output` is of the agent's own model."""

    events: list[RunEvent]
    output: Any
    context: AgentContext

    def told(self, kind: type[Event]) -> list[Event]:
        """Its events of one class, such as `Progress`."""
        return [event for event in self.events if isinstance(event, kind)]

    def assert_told(self, *types: str) -> None:
        """Fail unless these types of events came in this order; others may come between."""
        all_types: list[str] = [event.type for event in self.events]
        rest = iter(all_types)
        missing = next((wanted for wanted in types if wanted not in rest), None)
        assert missing is None, f"no {missing!r} in its place among {all_types}"


def run_agent(
    agent: Any,
    query: Mapping[str, Any] | BaseModel | None = None,
    *,
    materials: Sequence[str | Material] = (),
    context: AgentContext | None = None,
    **options: Any,
) -> Run:
    """Run an agent, the decorated function or class or its name, and return what it told.

    `options` are those of `context_of`, such as `model=FakeModel(…)`.
    Raises what a job would fail with: an error of `backend.errors`.
    """
    made = context or context_of(materials, **options)
    return asyncio.run(run_in_loop(agent, query, made))


async def run_in_loop(
    agent: Any, query: Mapping[str, Any] | BaseModel | None, context: AgentContext
) -> Run:
    """The same in an event loop that runs already."""
    spec = _spec(agent)
    given = query.model_dump(mode="json") if isinstance(query, BaseModel) else dict(query or {})
    told: list[RunEvent] = []
    async with aclosing(run_agent_with_events(spec, context, spec.parse_query(given))) as events:
        async for event in events:
            told.append(event)
    final = told[-1]
    assert isinstance(final, FinalResult), "the runner ends with a final result or raises"
    return Run(told, spec.output.model_validate(final.output), context)


def _spec(agent: Any) -> AgentSpec:
    return find_agent(agent) if isinstance(agent, str) else spec_of(agent)
