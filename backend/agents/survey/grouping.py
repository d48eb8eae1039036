"""Topics as few as asked for: by the ranks of their headings, then small neighbours together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Piece(Protocol):
    """What can be grouped: a topic, or its line of an outline."""

    @property
    def title(self) -> str: ...
    @property
    def level(self) -> int: ...
    @property
    def words(self) -> int: ...
    @property
    def material_id(self) -> str: ...


_FEWEST_WORDS = 90
_ENOUGH = 0.6
_OVERSIZE = 1.6
_LOWEST_RANK = 4
_MOST_NAMED = 2

AnyPiece = TypeVar("AnyPiece", bound=Piece)


def group(topics: Sequence[AnyPiece], at_most: int) -> list[list[AnyPiece]]:
    """Consecutive topics in at most `at_most` groups, at least one for each material.

    A group is what stands below a heading; where that gives too many, or some too small to stand
    alone, the smallest neighbours of one material go together.
    """
    ranks = range(1, _LOWEST_RANK + 1)
    by_rank = [_by_rank(topics, rank) for rank in ranks]
    ranked = next((one for one in by_rank if len(one) >= _ENOUGH * at_most), by_rank[-1])
    largest = _OVERSIZE * words_of(topics) / at_most
    groups = [piece for one in ranked for piece in _not_larger(one, largest)]
    while (place := _next_to_merge(groups, at_most)) is not None:
        groups[place : place + 2] = [groups[place] + groups[place + 1]]
    return groups


def title_of(group: Sequence[Piece]) -> str:
    """The heading that stands above all of them, else the titles of their largest, in order."""
    highest = min(topic.level for topic in group)
    if group[0].level == highest and [topic.level for topic in group].count(highest) == 1:
        return group[0].title
    heads = _by_rank(group, highest)
    largest = sorted(heads, key=words_of, reverse=True)[:_MOST_NAMED]
    named = [head[0].title.rstrip(".") for head in heads if head in largest]
    return "; ".join(dict.fromkeys(named))


def words_of(group: Sequence[Piece]) -> int:
    return sum(topic.words for topic in group)


def _by_rank(topics: Sequence[AnyPiece], rank: int) -> list[list[AnyPiece]]:
    groups: list[list[AnyPiece]] = []
    for topic in topics:
        same = bool(groups) and groups[-1][0].material_id == topic.material_id
        if same and topic.level > rank:
            groups[-1].append(topic)
        else:
            groups.append([topic])
    return groups


def _not_larger(group: list[AnyPiece], most_words: float) -> list[list[AnyPiece]]:
    """The group, or where it is too large the groups below its own heading."""
    below = min((topic.level for topic in group[1:]), default=_LOWEST_RANK)
    pieces = _by_rank(group, below)
    if words_of(group) <= most_words or len(pieces) < 2:
        return [group]
    return [smaller for piece in pieces for smaller in _not_larger(piece, most_words)]


def _next_to_merge(groups: Sequence[Sequence[Piece]], at_most: int) -> int | None:
    """Which group to join with the one after it; None if all can stay."""
    pairs = [
        place
        for place in range(len(groups) - 1)
        if groups[place][0].material_id == groups[place + 1][0].material_id
    ]
    if not pairs:
        return None
    best = min(pairs, key=lambda place: _cost(groups[place], groups[place + 1]))
    smallest = min(words_of(groups[best]), words_of(groups[best + 1]))
    return best if len(groups) > at_most or smallest < _FEWEST_WORDS else None


def _cost(group: Sequence[Piece], following: Sequence[Piece]) -> float:
    """Small ones first; what begins below a higher heading would rather stand alone."""
    smaller = min(words_of(group), words_of(following))
    together = words_of(group) + words_of(following)
    rises = following[0].level < max(topic.level for topic in group)
    is_opening = words_of(group) < _FEWEST_WORDS
    return together + smaller + (together if rises and not is_opening else 0)
