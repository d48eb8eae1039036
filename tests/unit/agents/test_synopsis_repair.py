"""What the material doesn't say goes back to the model once, and is marked if it still doesn't."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ToolCallPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from backend.agents.context import MemoryStepStore
from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.domain.artifacts import Synopsis, grounding_report, words_of
from backend.domain.events import FinalResult
from tests.unit.agents.conftest import MakeContext

TEXT = "Ownership is a set of rules. Each value has 1 owner. The value is dropped in the end."
Answer = dict[str, Any]


class Scripted:
    """Answers by the kind of what is asked for; a list is taken one after the other."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = {"Overview": {"title": "T"}, **answers}
        self.asked: list[tuple[str, str]] = []
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
        self.asked.append((wanted, prompt))
        await asyncio.sleep(0)
        return ModelResponse(parts=[ToolCallPart(tool.name, self.answers[wanted])])

    def prompts(self, wanted: str) -> list[str]:
        return [prompt for name, prompt in self.asked if name == wanted]


def said(text: str, *cites: int, **more: Any) -> Answer:
    return {"kind": "text", "text": text, "cites": list(cites), **more}


async def notes_of(make_context: MakeContext, model: Scripted, **more: Any) -> Synopsis:
    spec = get_agent("synopsis_manager", "v1")
    context = make_context(TEXT, model=model.model, **more)
    events = [e async for e in run_agent_with_events(spec, context, spec.parse_query({}))]
    assert isinstance(events[-1], FinalResult)
    return Synopsis.model_validate(events[-1].output)


NOTES = {
    "items": [
        said("Each value has 1 owner.", 2, quote="has 1 owner"),
        said("Each value has 2 owners.", 2),
        said("The value is never dropped.", 3),
        said("Each value has 1 owner.", 2, quote="the owner is Ferris"),
    ]
}


async def test_only_what_fails_is_asked_again_and_once(make_context: MakeContext) -> None:
    model = Scripted(
        PartNotes=NOTES,
        Repairs={
            "items": [
                {**said("The value is dropped in the end.", 3), "number": 3},
                {**said("Each value has 3 owners.", 2), "number": 2},
                {**said("Not asked for.", 1), "number": 1},
            ]
        },
    )
    synopsis = await notes_of(make_context, model)

    (asked,) = model.prompts("Repairs")
    items = asked.partition("<items>")[2]
    assert "<2> text: Each value has 2 owners. Wrong: The cited sentences don't have “2”." in items
    assert "<3> text: The value is never dropped. Wrong: " in items
    assert '<4> text: Each value has 1 owner. Quoted: "the owner is Ferris". Wrong: ' in items
    assert "<1>" not in items
    assert [(words_of(i), i.grounded, i.repaired) for i in synopsis.items] == [
        ("Each value has 1 owner.", True, False),
        ("Each value has 2 owners.", False, False),
        ("The value is dropped in the end.", True, True),
    ]
    assert all(item.sources for item in synopsis.items if item.grounded)
    report = grounding_report(synopsis.items)
    assert (report.items, report.grounded, report.repaired, report.ungrounded) == (3, 2, 1, 1)


async def test_what_holds_is_not_asked_about(make_context: MakeContext) -> None:
    model = Scripted(PartNotes={"items": [said("Each value has 1 owner.", 2)]})
    await notes_of(make_context, model)

    assert model.prompts("Repairs") == []


async def test_a_repair_is_a_step_that_is_not_paid_for_again(make_context: MakeContext) -> None:
    steps = MemoryStepStore()
    fixed = {"items": [{**said("Each value has 1 owner.", 2), "number": 2}]}
    first = Scripted(PartNotes=NOTES, Repairs=fixed)
    await notes_of(make_context, first, steps=steps)
    second = Scripted(PartNotes=NOTES, Repairs=fixed)
    await notes_of(make_context, second, steps=steps)

    assert first.prompts("Repairs")
    assert second.asked == []


async def test_a_model_that_cannot_repair_leaves_marked_notes(make_context: MakeContext) -> None:
    model = Scripted(PartNotes=NOTES, Repairs={"items": "none of the form"})
    synopsis = await notes_of(make_context, model)

    assert [item.grounded for item in synopsis.items] == [True, False, False]
    assert len(model.prompts("Repairs")) == 3


async def test_the_summary_is_held_against_the_notes(make_context: MakeContext) -> None:
    summary = [said("A value has 1 owner.", 1), said("A value has 9 owners.", 1)]
    model = Scripted(
        PartNotes={"items": [said("Each value has 1 owner.", 2)]},
        Overview={"title": "T", "summary": summary},
        Repairs={"items": []},
    )
    synopsis = await notes_of(make_context, model)

    grounded, invented, _ = synopsis.items
    assert [TEXT[s.start : s.end] for s in grounded.sources] == ["Each value has 1 owner."]
    assert (invented.grounded, invented.sources) == (False, [])
