"""Splits the session's materials into parts that fit a model's window, at natural borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import exp

from backend.agents.synopsis_manager.units import Report, Unit, units_of
from backend.agents.text.language import Language, detect_language
from backend.domain.session_memory import Material

# About 4,000 tokens: any model's window takes it with room for the answer, and a model that
# reads little at a time leaves little out.
PART_CHARS = 12_000
# Of a small window, what the instructions, the schema and the answer take; and Russian text in the
# tokens of a model that wasn't made for it.
_PROMPT_AND_ANSWER_TOKENS, _CHARS_PER_TOKEN, _FEWEST_PART_CHARS = 2_800, 2, 1_500
# Ranking takes time in the square of the sentences: this keeps a long material's time linear.
PART_UNITS = 130
LONGEST_NOTES_WORDS = 1_500
# A page needs a larger share than a book: a fifth of a short text, a tenth of ten thousand words.
_SHARE, _EXTRA_SHARE, _EXTRA_FADES_WORDS = 0.1, 0.12, 3_000
_SHORTEST_NOTES_WORDS, _LARGEST_SHARE, _LARGEST_WISHED_SHARE = 140, 0.75, 0.5
# With less no part can say anything. What is too much in sum is left out when all are merged.
_SHORTEST_PART_WORDS, _SHORTEST_OPENING_WORDS = 25, 45
ABSTRACT = "abstract"
# Asked for no more, the notes are an abstract: the parts propose sentences, the whole picks.
LONGEST_ABSTRACT_WORDS, _CANDIDATE_WORDS = 400, 60
# The offline model has no window, and to pick an abstract takes it time in line with the text.
ABSTRACT_PART_CHARS = 20 * PART_CHARS
_OPENING_SHARE, _LONGEST_OPENING_WORDS = 0.5, 80


@dataclass(frozen=True)
class Part:
    """Consecutive units of one material. `max_words` is how long its notes may be.

    The part that opens a material has more of them: it tells what the whole is about.
    """

    index: int
    material: Material
    title: str
    units: tuple[Unit, ...]
    language: Language
    is_conversation: bool
    is_opening: bool
    max_words: int

    @property
    def key(self) -> str:
        """Names it within the job; other borders are another part."""
        return f"{self.material.id}/{self.units[0].number}-{self.units[-1].number}"


@dataclass(frozen=True)
class _Cut:
    material: Material
    units: tuple[Unit, ...]

    @property
    def words(self) -> int:
        return sum(unit.words for unit in self.units if unit.kind != "code")


def room_chars(window_tokens: int | None) -> int | None:
    """How much text fits a request to a model with this window; None if it is large or unknown."""
    if window_tokens is None:
        return None
    room = (window_tokens - _PROMPT_AND_ANSWER_TOKENS) * _CHARS_PER_TOKEN
    return max(_FEWEST_PART_CHARS, room)


def split(
    materials: Sequence[Material],
    max_words: int | None,
    part_chars: int = PART_CHARS,
    report: Report | None = None,
) -> list[Part]:
    """The materials' parts in order; units are numbered throughout, from 1 on.

    `max_words` is for all the notes together; without it they are about a tenth of the
    material's words, at least a hundred or so and at most 1,500. `report` is told now and then
    how many characters of all have been read.
    """
    cuts: list[_Cut] = []
    number = 1
    before = 0
    for material in materials:
        units = units_of(material, number, report and partial(_add, report, before))
        before += len(material.text)
        number += len(units)
        cuts += [_Cut(material, tuple(piece)) for piece in _pieces(units, part_chars)]
    total = max(1, sum(cut.words for cut in cuts))
    allowed = notes_words(total, max_words)
    opening = min(_LONGEST_OPENING_WORDS, allowed * _OPENING_SHARE) / max(1, len(materials))
    openings = {cut.material.id: index for index, cut in reversed(list(enumerate(cuts)))}
    shared = allowed - opening * len(openings)
    return [
        Part(
            index=index,
            material=cut.material,
            title=cut.material.title,
            units=cut.units,
            language=detect_language(" ".join(u.text for u in cut.units if u.kind != "code")),
            is_conversation=any(unit.speaker for unit in cut.units),
            is_opening=(opens := openings[cut.material.id] == index),
            max_words=max(
                _candidate_words(opens, allowed)
                if is_abstract(max_words)
                else _fewest_words(opens, is_only=len(cuts) == 1),
                round(shared * cut.words / total + opening * opens),
            ),
        )
        for index, cut in enumerate(cuts)
    ]


def _add(report: Report, before: int, chars: int) -> None:
    report(before + chars)


def is_abstract(max_words: int | None) -> bool:
    """Whether so few words are asked for that the notes are a few sentences in all."""
    return max_words is not None and max_words <= LONGEST_ABSTRACT_WORDS


def _candidate_words(opens: bool, allowed: int) -> int:
    """What a part proposes for an abstract of all: the opening might be all that is needed."""
    return max(allowed, 1) if opens else min(allowed, _CANDIDATE_WORDS)


def _fewest_words(opens: bool, is_only: bool) -> int:
    if is_only:
        return 1
    return _SHORTEST_OPENING_WORDS if opens else _SHORTEST_PART_WORDS


def notes_words(material_words: int, max_words: int | None) -> int:
    """How many words the notes on so many words may have.

    They are about a tenth and at most 1,500, unless more is asked for: then up to half.
    """
    share = _SHARE + _EXTRA_SHARE * exp(-material_words / _EXTRA_FADES_WORDS)
    usual = max(material_words * share, min(_SHORTEST_NOTES_WORDS, material_words * _LARGEST_SHARE))
    usual = min(usual, LONGEST_NOTES_WORDS)
    if max_words is not None:
        usual = min(max_words, max(usual, material_words * _LARGEST_WISHED_SHARE))
    return max(1, round(usual))


def _pieces(units: Sequence[Unit], part_chars: int) -> list[list[Unit]]:
    """Cuts before a heading once a part is half full, before a paragraph once nearly full."""
    part_units = PART_UNITS * max(1, part_chars // PART_CHARS)
    pieces: list[list[Unit]] = []
    piece: list[Unit] = []
    chars = 0
    for unit in units:
        fill = max(chars / part_chars, len(piece) / part_units)
        new_paragraph = bool(piece) and unit.paragraph != piece[-1].paragraph
        full = (
            (fill > 0.5 and unit.kind == "heading")
            or (fill > 0.85 and new_paragraph and unit.kind == "text")
            or fill >= 1
        )
        if full and piece:
            pieces.append(piece)
            piece, chars = [], 0
        piece.append(unit)
        chars += len(unit.text)
    if piece:
        pieces.append(piece)
    return pieces
