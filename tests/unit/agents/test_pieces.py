"""Which pieces of unpunctuated speech pass for whole sentences, and what notes do with them."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from backend.agents.synopsis_manager.extraction.wholes import whole_lines
from backend.agents.synopsis_manager.page import Line
from backend.agents.synopsis_manager.units import units_of
from backend.agents.text.boundaries import weights_of
from backend.agents.text.language import Language
from backend.agents.text.pieces import (
    FEWEST_WORDS,
    LONGEST_WORDS,
    Piece,
    apart,
    candidates,
    gaps_of,
    models_of,
    pieces_of,
)
from backend.agents.text.run_ons import has_interruption, has_next_clause
from backend.domain.session_memory import Material
from tests.paths import ROOT

_SAMPLES: list[tuple[str, Language]] = [("lecture_en.md", "en"), ("lecture_ru.txt", "ru")]


def _said(sample: str) -> list[str]:
    text = (ROOT / "tests" / "samples" / sample).read_text(encoding="utf-8")
    return re.findall(r"[^\W_]+(?:['’]\w+)*", text.lower())


@pytest.mark.parametrize(("sample", "language"), _SAMPLES)
def test_pieces_follow_each_other_and_leave_no_word_out(sample: str, language: Language) -> None:
    words = _said(sample)
    pieces = pieces_of(words, language)

    assert pieces[0].first == 0
    assert pieces[-1].last == len(words) - 1
    assert [(a, b) for a, b in pairwise(pieces) if b.first != a.last + 1] == []
    assert any(piece.is_whole for piece in pieces)
    assert not all(piece.is_whole for piece in pieces)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_any_words_are_covered_once(language: Language) -> None:
    known = [name[1:] for name in weights_of(language).features if " " not in name]
    for seed in range(5):
        words = random.Random(seed).choices(known, k=400)
        pieces = pieces_of(words, language)

        assert [i for p in pieces for i in range(p.first, p.last + 1)] == list(range(len(words)))


@pytest.mark.parametrize(("sample", "language"), _SAMPLES)
def test_chances_are_chances_and_pieces_of_readable_length(sample: str, language: Language) -> None:
    models = models_of(language)
    gaps = gaps_of(_said(sample), language, weights_of(language), models.clause)
    found = candidates(gaps, models)

    assert found
    assert all(0 < piece.chance < 1 for piece in found)
    lengths = {piece.last - piece.first + 1 for piece in found}
    assert min(lengths) >= FEWEST_WORDS
    assert max(lengths) <= LONGEST_WORDS


def test_of_pieces_that_overlap_the_surest_stays() -> None:
    pieces = [Piece(0, 5, 0.6), Piece(4, 9, 0.8), Piece(10, 15, 0.7), Piece(8, 12, 0.75)]

    assert apart(pieces) == [Piece(4, 9, 0.8), Piece(10, 15, 0.7)]
    assert apart(pieces, lambda piece: piece.chance < 0.8) == [
        Piece(8, 12, 0.75),
        Piece(0, 5, 0.6),
    ]


def test_no_words_no_pieces() -> None:
    assert pieces_of([], "en") == []


@pytest.mark.parametrize(("sample", "language"), _SAMPLES)
def test_only_whole_pieces_of_a_transcript_get_marks(sample: str, language: Language) -> None:
    text = " ".join(_said(sample))
    places = [match.span() for match in re.finditer(r"\S+", text)]
    whole = [
        (places[piece.first][0], places[piece.last][1])
        for piece in pieces_of(text.split(), language)
        if piece.is_whole
    ]
    units = units_of(Material("m", "t", text))

    assert [(unit.start, unit.end) for unit in units if unit.text[-1] in ".?"] == whole


def test_where_nothing_is_whole_all_pieces_get_marks() -> None:
    text = "grey stone " * 100
    units = units_of(Material("m", "t", text))

    assert all(unit.text.endswith(".") for unit in units)


def test_notes_take_no_piece_without_a_mark() -> None:
    said = [
        "We use this tool every day and it works well for all of us.",
        "And the other big thing that because of it as",
        "When I was an 18 year old.",
    ] * 5
    lines = [Line(number, "text", text, 0) for number, text in enumerate(said)]

    assert {line.text for line in whole_lines(lines)} == {said[0]}


def test_punctuated_lines_and_headings_stay() -> None:
    lines = [
        Line(1, "heading", "A heading", 0),
        *(Line(n, "text", "First, as we said, it holds, and so on", 0) for n in range(2, 20)),
    ]

    assert whole_lines(lines) == lines


@pytest.mark.parametrize(
    "said",
    [
        "It makes perfect sense it's interesting to me.",
        "It would appear in their own systems they're using a worklist.",
        "The third one is the aspect of the control should be easy to use.",
        "You still have a child process running it will continue.",
        "Затем он посылает его декодеру он закодировал последовательность.",
    ],
)
def test_two_clauses_that_nothing_joins_are_told(said: str) -> None:
    assert has_next_clause(said)


@pytest.mark.parametrize(
    "said",
    [
        "I think it's a good idea.",
        "You can read it if you have the time.",
        "We believe that they are right because we were there.",
        "Мы увидим что он использует механизм самовнимания.",
        "Затем мы используем это слово.",
    ],
)
def test_joined_clauses_are_one_sentence(said: str) -> None:
    assert not has_next_clause(said)


def test_another_speaker_or_a_request_inside_is_told() -> None:
    assert has_interruption("We solved it okay that is great.")
    assert has_interruption("Мы обработали бы это корректно вернитесь к главе девять.")
    assert not has_interruption("Давайте рассмотрим пример.")
