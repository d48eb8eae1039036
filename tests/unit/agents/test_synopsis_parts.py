"""Long material is split at natural borders; the notes' length follows it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from backend.agents.synopsis_manager.parts import PART_CHARS, PART_UNITS, notes_words, split
from backend.domain.session_memory import Material


def material(text: str, number: int = 1) -> Material:
    return Material(f"m{number}", f"Text {number}", text)


CHAPTER = "## Heading {n}\n\n" + "A sentence that says a thing or two about it. " * 60 + "\n\n"


def test_a_short_text_is_one_part() -> None:
    (part,) = split([material("One. Two.")], None)

    assert part.is_opening
    assert [unit.text for unit in part.units] == ["One.", "Two."]


def test_parts_begin_with_headings_where_there_are_any() -> None:
    parts = split([material("".join(CHAPTER.format(n=n) for n in range(12)))], None)

    assert len(parts) > 2
    assert all(part.units[0].kind == "heading" for part in parts)
    assert [part.is_opening for part in parts] == [True] + [False] * (len(parts) - 1)


def test_no_part_is_too_long_and_nothing_is_lost() -> None:
    parts = split([material("Word and word and word. " * 3_000)], None)
    numbers = [unit.number for part in parts for unit in part.units]

    assert numbers == list(range(1, 3_001))
    for part in parts:
        assert len(part.units) <= PART_UNITS
        assert sum(len(unit.text) for unit in part.units) <= PART_CHARS + 200


def test_numbers_go_on_through_the_materials() -> None:
    parts = split([material("One. Two.", 1), material("Three.", 2)], None)

    assert [unit.number for part in parts for unit in part.units] == [1, 2, 3]
    assert [part.is_opening for part in parts] == [True, True]


@pytest.mark.parametrize("between", [" ", "\n\n"], ids=["one paragraph", "many"])
def test_a_long_material_tells_how_much_of_it_has_been_read(between: str) -> None:
    long = between.join(["A sentence that says a thing."] * 9_000)
    told: list[int] = []

    split([material("Short.", 1), material(long, 2), material(long, 3)], None, report=told.append)

    total = len("Short.") + 2 * len(long)
    assert told == sorted(told)
    assert len(told) == 10
    gaps = [after - before for before, after in pairwise([0, *told, total])]
    assert max(gaps) < 90_000


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        (20, 10, 15),
        (300, 130, 180),
        (1_700, 250, 320),
        (10_000, 1_000, 1_100),
        (120_000, 1_500, 1_500),
    ],
)
def test_the_length_follows_the_material(words: int, least: int, most: int) -> None:
    assert least <= notes_words(words, None) <= most


@pytest.mark.parametrize(("asked", "given"), [(60, 60), (500, 500), (3_000, 3_000), (9_000, 5_000)])
def test_a_wish_for_length_is_followed_up_to_half(asked: int, given: int) -> None:
    assert notes_words(10_000, asked) == given


def test_a_wish_for_fewer_words_still_lets_each_part_say_something() -> None:
    parts = split([material("A sentence of some words. " * 4_000)], 500)

    assert len(parts) > 20
    assert sum(part.max_words for part in parts[1:]) == 25 * (len(parts) - 1)


def test_each_part_proposes_sentences_for_an_abstract() -> None:
    parts = split([material("A sentence of some words. " * 2_000)], 100)

    assert parts[0].max_words == 100
    assert {part.max_words for part in parts[1:]} == {60}
