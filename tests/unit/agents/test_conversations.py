"""Notes on a conversation: who spoke of what, in which order, and nothing that talk only fills."""

from __future__ import annotations

import pytest

from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.agents.synopsis_manager.extraction.course import opening_of
from backend.agents.synopsis_manager.extraction.talk import turns, with_speaker
from backend.agents.synopsis_manager.page import Line
from backend.agents.text.terse import terse
from backend.domain.artifacts import Synopsis, words_of
from backend.domain.events import FinalResult
from tests.unit.agents.conftest import MakeContext

# Each stretch is about one thing; the nursery comes up all the way through.
STRETCHES = (
    ("the seeds", "the nursery"),
    ("the fence", "the nursery"),
    ("the water bill", "the nursery"),
)
SAID = (
    "We should look after {0} before {1} is any older.",
    "I have been told that {0} would cost us nearly nothing.",
    "Then {0} should be done first, and {1} after that.",
    "Nobody has looked at {0} since last summer.",
)
SPEAKERS = ("Ann", "Bob", "Eve")


def meeting() -> list[Line]:
    lines: list[Line] = []
    for subject, whole in STRETCHES:
        for sentence in SAID * 2:
            number = len(lines) + 1
            speaker = SPEAKERS[number % 3]
            said = sentence.format(subject, whole)
            lines.append(Line(number, "text", said, number, speaker=speaker))
    return lines


def test_the_opening_tells_who_spoke_of_what_in_order() -> None:
    opening = opening_of(meeting(), 100)

    assert opening is not None
    assert opening.text == (
        "Bob, Eve and Ann discussed the nursery: first the seeds; then the fence; "
        "finally the water bill."
    )


def test_the_opening_cites_a_line_of_each_speaker_and_for_each_subject() -> None:
    lines = meeting()
    opening = opening_of(lines, 100)

    assert opening is not None
    cited = [line for line in lines if line.number in opening.cites]
    assert {line.speaker for line in cited} == set(SPEAKERS)
    for subject in ("seeds", "fence", "water bill", "nursery"):
        assert any(subject in line.text for line in cited)


def test_a_line_that_denies_a_subject_is_no_source_for_it() -> None:
    lines = meeting()
    opening = opening_of(lines, 100)
    assert opening is not None
    denied = [
        Line(line.number, "text", line.text.replace("the seeds", "not the seeds"), 1, speaker="Ann")
        if line.number in opening.cites and "the seeds" in line.text
        else line
        for line in lines
    ]
    changed = opening_of(denied, 100)

    assert changed is not None
    cited = [line.text for line in denied if line.number in changed.cites]
    assert not any("not the seeds" in text for text in cited)


@pytest.mark.parametrize(
    ("lines", "max_words"),
    [
        pytest.param(meeting(), 12, id="no room"),
        pytest.param(meeting()[:6], 100, id="read in a minute"),
        pytest.param(
            [Line(line.number, "text", line.text, 1, speaker="Ann") for line in meeting()],
            100,
            id="one speaker",
        ),
        pytest.param(
            [Line(line.number, "text", line.text, 1) for line in meeting()], 100, id="a text"
        ),
    ],
)
def test_no_opening(lines: list[Line], max_words: int) -> None:
    assert opening_of(lines, max_words) is None


async def test_an_abstract_of_a_meeting_is_minutes(make_context: MakeContext) -> None:
    source = "\n".join(f"{line.speaker}: So basically, {line.text}" for line in meeting())
    spec = get_agent("synopsis_manager", "v1")
    query = spec.parse_query({"max_words": 60})
    events = [event async for event in run_agent_with_events(spec, make_context(source), query)]
    assert isinstance(events[-1], FinalResult)
    notes = Synopsis.model_validate(events[-1].output)
    first, *others = [words_of(item) for item in notes.items]

    assert first.startswith("Bob, Eve and Ann discussed the nursery: first the seeds;")
    assert others
    assert all(text.startswith(("Ann: ", "Bob: ", "Eve: ")) for text in others)
    assert all(item.grounded and item.sources for item in notes.items)
    assert "basically" not in " ".join(others)
    assert sum(len(text.split()) for text in [first, *others]) <= 60


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("So basically we need a new fence.", "We need a new fence."),
        ("And then, you know, the fence is actually too low.", "The fence is too low."),
        ("I think we should not sell it, or whatever.", "We should not sell it."),
        ("So that nobody falls, we fence it.", "So that nobody falls, we fence it."),
        ("So far nobody has fallen into it.", "So far nobody has fallen into it."),
        ("I don't think that it works.", "I don't think that it works."),
        ("It is probably a bit too low.", "It is probably a bit too low."),
        ("It isn't actually broken at all.", "It isn't actually broken at all."),
        ("Do you know where it is kept?", "Do you know where it is kept?"),
        ("So yes, basically.", "So yes, basically."),
        ("Ну вот, забор нужно красить.", "Забор нужно красить."),
        ("Вот что мы решили вчера.", "Вот что мы решили вчера."),
    ],
)
def test_what_only_keeps_the_talk_going_is_left_out(said: str, left: str) -> None:
    assert terse(said) == left


def test_what_one_says_in_a_row_is_one_paragraph() -> None:
    notes = [
        Line(1, "text", "Ann: The fence is low.", 1),
        Line(2, "text", "Ann: We build a new one", 2),
        Line(3, "text", "Bob: In May: not before.", 3),
    ]
    found = list(turns([with_speaker(line) for line in notes]))

    assert [draft.text for draft in found] == [
        "Ann: The fence is low. We build a new one.",
        "Bob: In May: not before.",
    ]
    assert [draft.cites for draft in found] == [[1, 2], [3]]
