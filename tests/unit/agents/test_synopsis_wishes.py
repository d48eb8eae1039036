"""The wishes that are followed without an LLM; a person's own items outlive all of them."""

from __future__ import annotations

import pytest

from backend.agents.synopsis_manager.parts import split
from backend.agents.synopsis_manager.wishes import OfflineWishes, fulfil, understood
from backend.domain.artifacts import DefinitionItem, Span, SynopsisItem, TextItem, words_of
from backend.domain.session_memory import Material
from tests.unit.agents.conftest import MakeContext
from tests.unit.agents.test_synopsis_offline import LECTURE, notes_of

OWN = TextItem(text="I will ask about this in the seminar on Friday.", edited=True)


@pytest.mark.parametrize(
    ("told", "wishes"),
    [
        ("Короче, пожалуйста", OfflineWishes(shorter=True)),
        ("make it shorter", OfflineWishes(shorter=True)),
        ("только определения", OfflineWishes(only_definitions=True)),
        ("Definitions only!", OfflineWishes(only_definitions=True)),
        ("подробнее про сборку мусора.", OfflineWishes(more_about=("сборку мусора",))),
        ("More about proofs, and shorter", OfflineWishes(shorter=True, more_about=("proofs",))),
        ("Write like Hemingway", OfflineWishes()),
        (None, OfflineWishes()),
    ],
)
def test_three_wishes_are_known_by_their_words(told: str | None, wishes: OfflineWishes) -> None:
    assert understood(told) == wishes


def test_definitions_only_leaves_the_definitions_and_what_a_person_wrote() -> None:
    term = DefinitionItem(term="Owner", text="who drops the value.", sources=[span(0)])
    items: list[SynopsisItem] = [text("Values are dropped."), term, OWN]

    assert fulfil(OfflineWishes(only_definitions=True), items, []) == [term, OWN]
    assert fulfil(OfflineWishes(only_definitions=True), items[:1], []) == items[:1]


def test_shorter_takes_away_about_two_fifths() -> None:
    items: list[SynopsisItem] = [text(f"Owner number {n} drops its value.", n) for n in range(10)]
    shorter = fulfil(OfflineWishes(shorter=True), [*items, OWN], [])

    assert [shorter[0], shorter[-1]] == [items[0], OWN]
    assert sum(len(words_of(item).split()) for item in shorter) <= 0.6 * 70


def test_more_about_a_subject_adds_what_the_notes_lack_in_its_place() -> None:
    said = "Rust has owners. A garbage collector looks for memory. Rust has no such collector."
    material = Material("m", "", said)
    items: list[SynopsisItem] = [text("Rust has owners.", 0), text("Rust has no such one.", 55)]
    more = fulfil(OfflineWishes(more_about=("garbage collectors",)), items, split([material], None))

    assert [words_of(item) for item in more] == [
        "Rust has owners.",
        "A garbage collector looks for memory.",
        "Rust has no such one.",
    ]
    source = more[1].sources[0]
    assert said[source.start : source.end] == words_of(more[1])


async def test_an_update_by_the_offline_model_keeps_edits_and_follows_the_wish(
    make_context: MakeContext,
) -> None:
    first = await notes_of(make_context(LECTURE))
    rewritten = first.items[2].model_copy(update={"text": "Owners, as I see it.", "edited": True})
    edited = first.model_copy(update={"items": [*first.items[:2], rewritten, *first.items[3:]]})
    current = {"synopsis": edited.model_dump(mode="json", by_alias=True)}
    updated = await notes_of(
        make_context(LECTURE, artifacts=current), action="update", instructions="Shorter"
    )

    assert rewritten in updated.items
    assert len(updated.items) < len(first.items)


def span(start: int) -> Span:
    return Span(material_id="m", start=start, end=start + 10)


def text(said: str, start: int = 0) -> TextItem:
    return TextItem(text=said, sources=[span(start)])
