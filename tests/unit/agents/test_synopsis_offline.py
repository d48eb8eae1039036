"""Notes by the offline model: readable, typed, in the material's order, grounded throughout."""

from __future__ import annotations

import pytest

from backend.agents.context import AgentContext, Material, SessionInfo
from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    Synopsis,
    TextItem,
    words_of,
)
from backend.domain.events import FinalResult, Progress, RunStarted
from backend.errors import InvalidQuery, NoMaterial
from tests.unit.agents.conftest import MakeContext

LECTURE = """# Memory in Rust

Programs have to manage the memory that they use while they run. Some languages collect garbage;
others leave it to the programmer.

## Ownership

Ownership is a set of rules that govern how a Rust program manages memory. Um, this is just talk.
The rules are these:

- Each value has an owner.
- There is only one owner at a time.
- The value is dropped when the owner goes out of scope.

Note: a value that was moved can't be used any more.

```rust
let s = String::from("hello");
```

## References

References allow code to use a value without taking ownership of it. In this chapter we will see
more. A mutable reference excludes all other references to the same value at the same time. Let's
look at the output that we saw before, and at the one after that, which looks a bit different.
"""


async def notes_of(context: AgentContext, **query: object) -> Synopsis:
    spec = get_agent("synopsis_manager", "v1")
    events = [
        event async for event in run_agent_with_events(spec, context, spec.parse_query(query))
    ]
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], FinalResult)
    return Synopsis.model_validate(events[-1].output)


async def test_a_lecture_becomes_typed_notes(make_context: MakeContext) -> None:
    notes = await notes_of(make_context(LECTURE, session=SessionInfo("s", title="Rust")))

    assert notes.title == "Rust"
    assert notes.language == "en"
    assert isinstance(notes.items[0], TextItem)
    assert [i.text for i in notes.items if isinstance(i, HeadingItem)] == [
        "Ownership",
        "References",
    ]
    (definition,) = [i for i in notes.items if isinstance(i, DefinitionItem)]
    assert definition.term == "Ownership"
    (points,) = [i for i in notes.items if isinstance(i, ListItem)]
    assert points.items[0] == "Each value has an owner"
    (code,) = [i for i in notes.items if isinstance(i, CodeItem)]
    assert (code.language, code.text) == ("rust", 'let s = String::from("hello");')
    (note,) = [i for i in notes.items if isinstance(i, NoteItem)]
    assert note.text == "A value that was moved can't be used any more."


async def test_everything_is_grounded(make_context: MakeContext) -> None:
    notes = await notes_of(make_context(LECTURE))

    for item in notes.items:
        assert item.grounded
        assert item.sources
        for source in item.sources:
            assert LECTURE[source.start : source.end].strip()


async def test_russian_material_gives_russian_notes(make_context: MakeContext) -> None:
    text = (
        "## Лекция 1\n\nВиртуализация — это абстрагирование вычислительных ресурсов от аппаратуры. "
        "Гипервизор управляет виртуальными машинами и распределяет ресурсы между ними.\n"
    )
    notes = await notes_of(make_context(text, session=SessionInfo("s", language="ru")))

    assert notes.language == "ru"
    (definition,) = [i for i in notes.items if isinstance(i, DefinitionItem)]
    assert definition.term == "Виртуализация"
    assert definition.text == "Абстрагирование вычислительных ресурсов от аппаратуры."


async def test_progress_counts_the_parts(make_context: MakeContext) -> None:
    spec = get_agent("synopsis_manager", "v1")
    context = make_context("A sentence with some words that matter to us. " * 900)
    first, *told = [
        (event.done, event.total, event.note)
        async for event in run_agent_with_events(spec, context, spec.parse_query({}))
        if isinstance(event, Progress)
    ]

    assert first == (0, 1, "preparing")
    total = told[0][1]
    assert total > 3
    assert told[0] == (0, total, "reading")
    assert [done for done, _, _ in told] == list(range(total + 1))
    assert told[-1] == (total, total, "merging")


@pytest.mark.parametrize(
    "text",
    [
        "Only one sentence about ownership.",
        "word",
        "```py\nx = 1\nprint(x)\n```",
        "- one\n- two\n- three",
        "? ! ...",
        "Как это работает? How does it work?",
        "# Only a heading",
    ],
)
async def test_small_and_odd_materials_give_notes(make_context: MakeContext, text: str) -> None:
    notes = await notes_of(make_context(text))

    assert notes.title
    assert all(item.grounded for item in notes.items)


@pytest.mark.parametrize("max_words", [60, 1_000])
async def test_words_lost_to_question_marks_stay_out(
    make_context: MakeContext, max_words: int
) -> None:
    """As a program leaves them that knew no Greek letters."""
    lost = "Ownership, which the ancients called ????????? or ?????????, governs memory in Rust."
    kept = "Each value has one owner at a time, and it is dropped with its owner."
    notes = await notes_of(make_context(f"{lost} {kept}"), max_words=max_words)

    assert [words_of(item) for item in notes.items] == [kept]


async def test_a_single_sentence_is_kept(make_context: MakeContext) -> None:
    notes = await notes_of(make_context("Only one sentence about ownership."))

    assert [words_of(item) for item in notes.items] == ["Only one sentence about ownership."]


async def test_only_code_is_kept_as_code(make_context: MakeContext) -> None:
    notes = await notes_of(make_context("```py\nx = 1\nprint(x)\n```"))

    assert [item.text for item in notes.items if isinstance(item, CodeItem)] == ["x = 1\nprint(x)"]


async def test_ten_materials_stand_under_their_titles(make_context: MakeContext) -> None:
    texts = [
        "Wheels roll because friction keeps them from sliding over the ground.",
        "Gears trade speed for force in a fixed ratio.",
        "Pumps lift water against gravity with a piston.",
        "Valves let steam pass in a single direction.",
        "Motors turn electric current into rotation.",
        "Sensors measure heat, light and pressure.",
        "Belts carry power between distant shafts.",
        "Levers multiply what a hand can push.",
        "Springs store energy while they are bent.",
        "Cranks convert strokes into circles.",
    ]
    notes = await notes_of(make_context(*texts))
    tops = [i.text for i in notes.items if isinstance(i, HeadingItem) and i.level == 1]

    assert tops == [f"Text {n}" for n in range(1, 11)]
    assert {s.material_id for item in notes.items for s in item.sources} == {
        f"m{n}" for n in range(1, 11)
    }


async def test_a_wish_for_length_is_kept_to(make_context: MakeContext) -> None:
    long = "".join(f"The part number {n} describes another machine in detail. " for n in range(900))
    notes = await notes_of(make_context(long), max_words=60)

    assert sum(len(words_of(item).split()) for item in notes.items) <= 75


async def test_speech_is_cleaned_but_speakers_stay(make_context: MakeContext) -> None:
    turns = [
        ("Ann", "Um the the battery of the remote control must last for two years."),
        ("Bob", "[laughter] Yeah, uh, we decided to use a kinetic battery in the remote control."),
    ] * 4
    talk = "\n".join(f"{name}: {said} Part {n} of it." for n, (name, said) in enumerate(turns))
    notes = await notes_of(make_context(talk))
    text = " ".join(words_of(item) for item in notes.items)

    assert "Bob: We decided to use a kinetic battery" in text
    assert "um" not in text.lower().split()
    assert "the the" not in text
    assert "laughter" not in text


async def test_an_update_keeps_what_there_is_and_adds_what_is_new(
    make_context: MakeContext,
) -> None:
    first = await notes_of(make_context(LECTURE))
    edited = first.model_dump(mode="json", by_alias=True)
    edited["items"].insert(1, {"type": "text", "text": "My own words."})
    more = Material("m2", "Threads", "Threads run parts of a program at the same time. " * 3)
    context = make_context(
        materials=(Material("m1", "Text 1", LECTURE), more), artifacts={"synopsis": edited}
    )
    updated = await notes_of(context, action="update")

    before = [words_of(item) for item in Synopsis.model_validate(edited).items]
    after = [words_of(item) for item in updated.items]
    assert updated.title == first.title
    assert [text for text in after if text in before] == before
    assert "Threads run parts of a program at the same time." in after


async def test_an_update_drops_what_lost_its_material(make_context: MakeContext) -> None:
    both = await notes_of(make_context(LECTURE, "Threads run parts of a program at once."))
    artifact = both.model_dump(mode="json", by_alias=True)
    left = make_context(
        materials=(Material("m2", "Text 2", "Threads run parts of a program at once."),),
        artifacts={"synopsis": artifact},
    )
    updated = await notes_of(left, action="update")

    sources = {source.material_id for item in updated.items for source in item.sources}
    assert sources == {"m2"}


async def test_an_update_of_nothing_creates(make_context: MakeContext) -> None:
    assert (await notes_of(make_context(LECTURE), action="update")).items


async def test_without_material_it_says_so(make_context: MakeContext) -> None:
    with pytest.raises(NoMaterial):
        await notes_of(make_context(" \n"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"action": "delete"}, "query.action"),
        ({"max_words": 3}, "query.max_words"),
        ({"language": "not a tag!"}, "query.language"),
        ({"instructions": "x" * 2_001}, "query.instructions"),
        ({"unknown": 1}, "query.unknown"),
    ],
)
def test_a_wrong_query_names_its_field(query: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        get_agent("synopsis_manager", "v1").parse_query(query)

    assert [problem.field for problem in refused.value.problems] == [field]
