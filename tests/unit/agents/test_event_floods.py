"""An agent that tells without ever waiting: what isn't heard yet is bounded."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from backend.agents import registry, runner
from backend.agents.context import AgentContext
from backend.agents.registry import agent
from backend.domain.events import TextDelta
from backend.testing import run_agent


class Query(BaseModel):
    words: int


class Answer(BaseModel):
    told: int


def test_the_oldest_of_a_flood_give_way_and_the_end_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(runner, "MOST_EVENTS_WAITING", 100)

    @agent("flood", "v1")
    async def flood(context: AgentContext, query: Query) -> Answer:
        for number in range(query.words):
            context.emit(TextDelta(text=str(number)))
        return Answer(told=query.words)

    run = run_agent(flood, {"words": 5_000})
    heard = [event.text for event in run.told(TextDelta)]
    assert run.output.told == 5_000
    assert len(heard) <= 100
    assert heard[-1] == "4999"
