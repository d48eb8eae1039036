"""Passages: what a library is searched by. Pure.

A text is cut into passages of a few paragraphs at its own borders. Each is found by its terms: the
stems of its words, of the title too, so that «лекции» finds «лекциями».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backend.domain.stemming import stem

LONGEST_PASSAGE_CHARS = 1_500
_SHORTEST_PASSAGE_CHARS = 600
_LONGEST_TERM_CHARS = 64
_TERM = re.compile(r"[^\W_]+")
# Where a passage would best end, best first.
_BORDERS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])\s+"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True)
class Passage:
    """Characters `start` to `end` (exclusive) of a text, and the terms that find them, in order."""

    start: int
    end: int
    terms: tuple[str, ...]


@dataclass(frozen=True)
class LibraryHit:
    """A passage of one of the person's materials that has some of what was looked for.

    `text` is that of characters `start` to `end` of the material.
    """

    session_id: str
    session_title: str
    material_id: str
    material_title: str
    start: int
    end: int
    text: str
    score: float


def terms_of(text: str) -> list[str]:
    """What `text` is found by: each word's stem, in order."""
    return [stem(word) for word in _TERM.findall(text.lower()) if len(word) <= _LONGEST_TERM_CHARS]


def passages_of(title: str, text: str) -> tuple[Passage, ...]:
    """The passages of a text, in order. They leave out nothing but space."""
    of_title = terms_of(title)
    return tuple(
        Passage(start, end, (*of_title, *terms_of(text[start:end]))) for start, end in _cut(text)
    )


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = _end_of_passage(text, start)
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            yield first, first + len(stripped)
        start = end


def _end_of_passage(text: str, start: int) -> int:
    longest = start + LONGEST_PASSAGE_CHARS
    if longest >= len(text):
        return len(text)
    for border in _BORDERS:
        ends = [m.end() for m in border.finditer(text, start + _SHORTEST_PASSAGE_CHARS, longest)]
        if ends:
            return ends[-1]
    return longest
