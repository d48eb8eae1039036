"""ROUGE-1 and ROUGE-L F1 over plain lower-case words, without stems: Russian and English alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True)
class Score:
    rouge_1: float
    rouge_l: float


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def best_score(found: Sequence[str], references: Sequence[Sequence[str]]) -> Score:
    """The best of each measure over the references, as is the custom with several."""
    return Score(
        max(rouge_1(found, reference) for reference in references),
        max(rouge_l(found, reference) for reference in references),
    )


def rouge_1(found: Sequence[str], wanted: Sequence[str]) -> float:
    overlap = sum((Counter(found) & Counter(wanted)).values())
    return _f1(overlap, len(found), len(wanted))


def rouge_l(found: Sequence[str], wanted: Sequence[str]) -> float:
    return _f1(_longest_common(found, wanted), len(found), len(wanted))


def _longest_common(found: Sequence[str], wanted: Sequence[str]) -> int:
    """Length of the longest common subsequence, a row of the table in one integer (Hyyrö)."""
    places: dict[str, int] = {}
    for position, word in enumerate(wanted):
        places[word] = places.get(word, 0) | 1 << position
    every = (1 << len(wanted)) - 1
    row = every
    for word in found:
        hits = row & places.get(word, 0)
        row = ((row + hits) | (row - hits)) & every
    return len(wanted) - row.bit_count()


def _f1(overlap: int, found: int, wanted: int) -> float:
    return 2 * overlap / (found + wanted) if found + wanted else 0.0
