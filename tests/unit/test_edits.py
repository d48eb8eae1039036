"""What a person wrote or changed is marked when it is saved, and outlives what a model makes."""

from __future__ import annotations

from backend.domain.artifacts import HeadingItem, Span, TextItem
from backend.domain.edits import is_own, marked_edits, with_known_marks, with_own
from backend.domain.plan import Objective


def text(said: str, start: int = 0, *, edited: bool = False) -> TextItem:
    span = Span(material_id="m", start=start, end=start + 10)
    return TextItem(text=said, sources=[span], edited=edited)


def test_what_a_person_changed_is_marked_and_stays_marked() -> None:
    agents = [HeadingItem(text="Rules"), text("One."), text("Two.", 20)]
    saved = marked_edits(agents, [text("Two.", 20), text("Uno.")])
    assert [item.edited for item in saved] == [False, True]

    again = marked_edits(saved, [text("Uno."), text("Two.", 20), TextItem(text="Mine.")])
    assert [item.edited for item in again] == [True, False, True]


def test_marks_that_the_persons_program_sends_count_for_nothing() -> None:
    saved = marked_edits([text("One.")], [text("One.", edited=True), text("Uno.", edited=False)])

    assert [item.edited for item in saved] == [False, True]


def test_an_edited_item_takes_the_place_of_what_a_model_made_of_it() -> None:
    edited = text("Two, as I put it.", 20, edited=True)
    current = [text("One."), edited, text("Three.", 40)]
    made = [text("One, anew."), text("Two, anew.", 20), text("Three.", 40)]

    assert with_own(made, current) == [made[0], edited, made[2]]
    assert is_own(edited)


def test_own_words_stay_behind_what_they_stood_behind() -> None:
    own = TextItem(text="My remark.")
    current = [text("One."), own, text("Two.", 20)]

    assert with_own([text("One."), text("Two.", 20)], current) == current
    assert with_own([text("Both.", 5)], current) == [text("Both.", 5), own]
    assert with_own(current, current) == current


def test_a_persons_program_can_ground_nothing() -> None:
    before = [
        TextItem(text="Made up.", grounded=False),
        text("Said.").model_copy(update={"repaired": True}),
    ]
    claimed = [
        TextItem(text="Made up.", grounded=True),
        text("Said."),
        TextItem(text="Made up.", sources=text("x").sources),
        text("Said otherwise.").model_copy(update={"repaired": True, "grounded": False}),
    ]
    marks = [(i.grounded, i.repaired, i.edited) for i in marked_edits(before, claimed)]

    assert marks == [
        (False, False, False),
        (True, True, False),
        (True, False, True),
        (True, False, True),
    ]


def test_a_persons_aims_and_questions_have_no_sources_that_nobody_looked_at() -> None:
    span = text("x").sources
    before = [
        Objective(text="Know queues", sources=span),
        Objective(text="Know leases", grounded=False),
    ]
    sent = [
        Objective(text="Know leases", sources=span),
        Objective(text="Know queues"),
        Objective(text="Know the moon", sources=span, grounded=False),
    ]
    assert with_known_marks(before, sent) == [
        before[1],
        before[0],
        Objective(text="Know the moon"),
    ]
