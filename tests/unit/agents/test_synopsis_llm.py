"""The same agent with a model that writes: asking again, budget, steps, instructions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ToolCallPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.usage import RequestUsage

from backend.agents.context import AgentContext, Budget, MemoryStepStore, SessionInfo
from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.domain.artifacts import Synopsis, words_of
from backend.domain.events import FinalResult, RunEvent, Usage
from backend.errors import BudgetExceeded, InvalidOutput, ProviderUnavailable
from tests.unit.agents.conftest import MakeContext

TEXT = "Ownership is a set of rules. Each value has 1 owner. The compiler checks the rules."
LONG = "".join(f"Machine {n} has a wheel that turns {n} times each day. " for n in range(600))

Answer = dict[str, Any]
Say = Callable[[str, str], Answer]


def notes(*items: Answer) -> Answer:
    return {"items": list(items)}


def said(text: str, *cites: int) -> Answer:
    return {"kind": "text", "text": text, "cites": list(cites)}


class Model:
    """A FunctionModel that answers with `say(<output type>, <prompt>)` and remembers."""

    def __init__(self, say: Say) -> None:
        self.say: Say = lambda wanted, prompt: (
            {"items": []} if wanted == "Repairs" else say(wanted, prompt)
        )
        self.price_usd: Decimal | None = None
        self.prompts: list[tuple[str, str]] = []
        self.model = FunctionModel(self._answer)

    async def _answer(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        tool = info.output_tools[0]
        wanted = str(tool.parameters_json_schema["title"])
        prompt = next(
            str(part.content)
            for message in messages
            if isinstance(message, ModelRequest)
            for part in message.parts
            if isinstance(part, UserPromptPart)
        )
        self.prompts.append((wanted, prompt))
        await asyncio.sleep(0)
        return ModelResponse(
            parts=[ToolCallPart(tool.name, self.say(wanted, prompt))],
            usage=RequestUsage(input_tokens=100, output_tokens=10, cost=self.price_usd),
        )

    def asked(self, wanted: str) -> list[str]:
        return [prompt for name, prompt in self.prompts if name == wanted]


def writer(*items: Answer, title: str = "Ownership") -> Model:
    def say(wanted: str, prompt: str) -> Answer:
        if wanted == "Overview":
            return {"title": title, "summary": [said("Rules of ownership.", 1)]}
        return notes(*items)

    return Model(say)


async def run(context: AgentContext, **query: object) -> tuple[Synopsis, list[RunEvent]]:
    spec = get_agent("synopsis_manager", "v1")
    events = [
        event async for event in run_agent_with_events(spec, context, spec.parse_query(query))
    ]
    assert isinstance(events[-1], FinalResult)
    return Synopsis.model_validate(events[-1].output), events


async def test_notes_get_exact_sources_and_inventions_are_marked(
    make_context: MakeContext,
) -> None:
    model = writer(
        said("Each value has 1 owner.", 2),
        said("Rust was made in 2010.", 1),
        said("The rules are checked by the compiler.", 1),
    )
    synopsis, _ = await run(make_context(TEXT, model=model.model))

    assert synopsis.title == "Ownership"
    summary, grounded, invented, wrongly_cited = synopsis.items
    assert words_of(summary) == "Rules of ownership."
    assert not summary.grounded
    assert [TEXT[s.start : s.end] for s in grounded.sources] == ["Each value has 1 owner."]
    assert (invented.grounded, invented.sources) == (False, [])
    assert TEXT[wrongly_cited.sources[-1].start :] == "The compiler checks the rules."


async def test_the_prompt_carries_what_the_person_wished(make_context: MakeContext) -> None:
    model = writer(said("Each value has 1 owner.", 2))
    session = SessionInfo("s", goal="pass the exam", focus="memory", tone="dry", language="ru")
    await run(make_context(TEXT, model=model.model, session=session), instructions="Be brief")

    (prompt,) = model.asked("PartNotes")
    for line in ("Write in: ru", "Wishes: Be brief", "Goal: pass the exam", "Focus: memory"):
        assert line in prompt.split("\n")
    assert "[2] Each value has 1 owner." in prompt.split("\n")


async def test_usage_is_the_sum_of_all_calls(make_context: MakeContext) -> None:
    model = writer(said("A wheel turns.", 1))
    context = make_context(LONG, model=model.model)
    _, events = await run(context)

    calls = len(model.prompts)
    assert calls > 3
    last = [event for event in events if isinstance(event, Usage)][-1]
    used = (last.requests, last.input_tokens, last.output_tokens)
    assert used == (calls, 100 * calls, 10 * calls)


async def test_what_the_calls_cost_is_told_where_prices_are_known(
    make_context: MakeContext,
) -> None:
    model = writer(said("A wheel turns.", 1))
    model.price_usd = Decimal("0.25")
    context = make_context(LONG, model=model.model)
    await run(context)

    assert context.usage.cost_usd == 0.25 * len(model.prompts)


async def test_a_wrong_answer_is_asked_for_again(make_context: MakeContext) -> None:
    answers = [
        notes({"kind": "list"}),
        notes({"kind": "poem"}),
        notes(said("Each value has 1 owner.", 2)),
    ]

    def say(wanted: str, prompt: str) -> Answer:
        return {"title": "T"} if wanted == "Overview" else answers.pop(0)

    synopsis, events = await run(make_context(TEXT, model=Model(say).model))

    assert words_of(synopsis.items[0]) == "Each value has 1 owner."
    told = [event.requests for event in events if isinstance(event, Usage)]
    assert told == [1, 2, 3, 4]


async def test_after_asking_twice_more_it_is_invalid(make_context: MakeContext) -> None:
    model = Model(lambda wanted, prompt: notes({"kind": "list"}))
    with pytest.raises(InvalidOutput):
        await run(make_context(TEXT, model=model.model))

    assert len(model.prompts) == 3


@pytest.mark.parametrize("budget", [Budget(max_requests=2), Budget(max_tokens=150)])
async def test_a_used_up_budget_stops_the_run(make_context: MakeContext, budget: Budget) -> None:
    model = writer(said("A wheel turns.", 1))
    context = make_context(LONG, model=model.model, budget=budget)
    with pytest.raises(BudgetExceeded):
        await run(context)

    assert context.usage.requests > 0


async def test_finished_parts_are_not_paid_for_again(make_context: MakeContext) -> None:
    steps = MemoryStepStore()
    refused: list[str] = []

    def fails_once(wanted: str, prompt: str) -> Answer:
        if "Part: 2 of" in prompt and not refused:
            refused.append(prompt)
            raise ModelHTTPError(503, "stand-in")
        return writer(said("A wheel turns.", 1)).say(wanted, prompt)

    first, second = Model(fails_once), Model(fails_once)
    with pytest.raises(ProviderUnavailable):
        await run(make_context(LONG, model=first.model, steps=steps))
    await run(make_context(LONG, model=second.model, steps=steps))

    parts = [prompt.split("Part: ")[1].split()[0] for prompt in first.asked("PartNotes")]
    again = [prompt.split("Part: ")[1].split()[0] for prompt in second.asked("PartNotes")]
    finished = [part for part in parts if part != "2"]
    assert finished
    assert not set(finished) & set(again)
    assert "2" in again


async def test_closing_the_run_cancels_the_calls(make_context: MakeContext) -> None:
    asked, cancelled = asyncio.Event(), asyncio.Event()

    async def hang(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        raise AssertionError("never")

    spec = get_agent("synopsis_manager", "v1")
    context = make_context(TEXT, model=FunctionModel(hang))
    events = run_agent_with_events(spec, context, spec.parse_query({}))
    await anext(events)
    await anext(events)
    await asked.wait()
    await events.aclose()

    assert cancelled.is_set()


async def test_an_update_keeps_items_word_for_word(make_context: MakeContext) -> None:
    first, _ = await run(
        make_context(
            TEXT,
            model=writer(
                {"kind": "heading", "text": "Ownership rules", "cites": [1]},
                said("Each value has 1 owner.", 2),
            ).model,
        )
    )
    current = first.model_dump(mode="json", by_alias=True)

    def say(wanted: str, prompt: str) -> Answer:
        if wanted == "Overview":
            return {"title": "New title"}
        assert "<2> text: Each value has 1 owner." in prompt
        return notes(
            {"kind": "text", "keeps": 1},
            {"kind": "text", "keeps": 2},
            {"kind": "text", "keeps": 9},
            said("The compiler checks the rules.", 3),
        )

    model = Model(say)
    context = make_context(TEXT, model=model.model, artifacts={"synopsis": current})
    updated, _ = await run(context, action="update", instructions="Add what checks them")

    assert updated.title == "New title"
    kept = [item for item in updated.items if item in first.items]
    assert [words_of(item) for item in kept] == ["Ownership rules", "Each value has 1 owner."]
    assert words_of(updated.items[-1]) == "The compiler checks the rules."


async def test_a_model_that_notes_nothing_leaves_no_empty_version(
    make_context: MakeContext,
) -> None:
    with pytest.raises(InvalidOutput, match="without a single note"):
        await run(make_context(TEXT, model=writer().model))


async def test_notes_without_a_heading_can_be_kept_too(make_context: MakeContext) -> None:
    model = writer(said("Ownership is a set of rules.", 1), said("Each value has 1 owner.", 2))
    first, _ = await run(make_context(TEXT, model=model.model))
    current = first.model_dump(mode="json", by_alias=True)

    def say(wanted: str, prompt: str) -> Answer:
        if wanted == "Overview":
            return {"title": "Ownership", "summary": [said("Other rules of ownership.", 1)]}
        assert "<1> text: Ownership is a set of rules.\n<2> text: Each value" in prompt
        return notes({"kind": "text", "keeps": 2})

    context = make_context(TEXT, model=Model(say).model, artifacts={"synopsis": current})
    updated, _ = await run(context, action="update", instructions="Only owners")

    assert [words_of(item) for item in updated.items] == [
        "Other rules of ownership.",
        "Each value has 1 owner.",
    ]


async def test_an_update_without_wishes_asks_nothing_of_covered_material(
    make_context: MakeContext,
) -> None:
    first, _ = await run(make_context(TEXT, model=writer(said("Each value has 1 owner.", 2)).model))
    model = writer()
    context = make_context(
        TEXT,
        model=model.model,
        artifacts={"synopsis": first.model_dump(mode="json", by_alias=True)},
    )
    updated, _ = await run(context, action="update")

    assert model.prompts == []
    assert updated.items == first.items


async def test_a_persons_own_words_outlive_a_model_that_forgets_them(
    make_context: MakeContext,
) -> None:
    items = [
        {
            "type": "heading",
            "text": "Rules",
            "sources": [{"materialId": "m1", "start": 0, "end": 9}],
        },
        {"type": "text", "text": "My own remark.", "sources": []},
    ]
    current = {"title": "T", "language": "en", "items": items}
    model = writer(said("Each value has 1 owner.", 2))
    context = make_context(TEXT, model=model.model, artifacts={"synopsis": current})
    updated, _ = await run(context, action="update", instructions="Shorter")

    assert "My own remark." in [words_of(item) for item in updated.items]


async def test_an_edited_item_with_sources_outlives_a_model_that_rewrites_it(
    make_context: MakeContext,
) -> None:
    first, _ = await run(make_context(TEXT, model=writer(said("Each value has 1 owner.", 2)).model))
    item = first.items[-1]
    edited = item.model_copy(update={"text": "One value, 1 owner!", "edited": True})
    current = first.model_copy(update={"items": [*first.items[:-1], edited]}).model_dump(
        mode="json", by_alias=True
    )
    model = writer(said("Each value has only 1 owner.", 2), said("The compiler checks.", 3))
    context = make_context(TEXT, model=model.model, artifacts={"synopsis": current})
    updated, _ = await run(context, action="update", instructions="Say it another way")

    assert edited in updated.items
    assert "Each value has only 1 owner." not in [words_of(item) for item in updated.items]


async def test_a_changed_goal_is_an_update_of_all_parts(make_context: MakeContext) -> None:
    current = {"title": "T", "language": "en", "items": []}
    model = writer(said("Each value has 1 owner.", 2))
    context = make_context(
        TEXT,
        model=model.model,
        artifacts={"synopsis": current, "plan": {"title": "Course", "steps": ["Owners first"]}},
        session=SessionInfo("s", goal="pass the exam"),
    )
    context.memory = replace(context.memory, briefs={"synopsis": "that of another goal"})
    await run(context, action="update")

    (prompt,) = model.asked("PartNotes")
    assert "Goal: pass the exam" in prompt.split("\n")
    assert "Plan: Course · Owners first" in prompt.split("\n")
