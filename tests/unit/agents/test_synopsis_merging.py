"""Parts that a model saw apart are merged: nothing twice, within the allowance and the window."""

from __future__ import annotations

from backend.agents.synopsis_manager.merging import within, without_near_repeats
from backend.agents.synopsis_manager.parts import PART_CHARS, room_chars, split
from backend.domain.artifacts import HeadingItem, Span, SynopsisItem, TextItem
from backend.domain.session_memory import Material

SPAN = Span(material_id="m", start=0, end=1)


def text(said: str) -> TextItem:
    return TextItem(text=said, sources=[SPAN])


def test_what_an_earlier_item_says_in_other_words_goes() -> None:
    items: list[SynopsisItem] = [
        text("The borrow checker enforces ownership rules at compile time."),
        text("At compile time, ownership rules are enforced by the borrow checker."),
        text("The borrow checker doesn't enforce ownership rules at compile time."),
        text("The borrow checker enforces 3 ownership rules at compile time."),
        text("Rules."),
    ]

    assert without_near_repeats(items) == [items[0], *items[2:]]


def test_too_long_notes_lose_what_is_least_central() -> None:
    summary = text("Ownership rules memory.")
    central = [text(f"Ownership rules memory in case {n} of {n}.") for n in range(3)]
    aside = text("Yesterday somebody brought cake and cookies from Lisbon.")
    own = TextItem(text="My own remark about cheese, bread, wine, olives and salt.")
    head = HeadingItem(text="Ownership")
    kept = within([summary, head, *central, aside, own], max_words=36)

    assert kept == [summary, head, *central, own]
    assert within(kept, max_words=1_000) == kept


def test_parts_fit_a_small_window_and_hold_all_the_material() -> None:
    material = Material("m", "t", "".join(f"Wheel {n} turns {n} times. " for n in range(2_000)))
    room = room_chars(4_096)
    assert room is not None
    parts = split([material], None, room)

    assert len(parts) > len(split([material], None))
    assert all(sum(len(unit.text) for unit in part.units) <= room + 200 for part in parts)
    assert [u.number for p in parts for u in p.units] == list(range(1, 2_001))
    assert len({part.key for part in parts}) == len(parts)


def test_an_unknown_window_is_a_large_one() -> None:
    assert room_chars(None) is None
    assert (room_chars(400_000) or 0) > PART_CHARS
    assert room_chars(2_048) == 1_500
