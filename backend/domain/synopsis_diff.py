"""What changed between two versions of a synopsis, item by item and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from pydantic import Field

from backend.domain.artifacts import HeadingItem, Synopsis, SynopsisItem, words_of
from backend.domain.events import CamelModel

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# Below this share of common words two items are another one each.
_LEAST_LIKENESS = 0.4
# Comparing takes the product of both lengths: above this, all of it counts as replaced.
_MOST_COMPARISONS = 4_000_000
_MOST_PAIRS = 10_000


class DiffRun(CamelModel):
    """A stretch of text that both have, or one alone."""

    op: Literal["equal", "insert", "delete"]
    text: str


class ItemDiff(CamelModel):
    """One item. `level` is a heading's."""

    change: Literal["same", "changed", "added", "removed"]
    type: Literal["heading", "text", "definition", "list", "code", "note"]
    level: int | None = None
    runs: list[DiffRun]


class SynopsisDiff(CamelModel):
    """From an earlier version to a later one; the counts are of items."""

    title: list[DiffRun]
    items: list[ItemDiff]
    added: int = Field(ge=0)
    removed: int = Field(ge=0)
    changed: int = Field(ge=0)


def diff_synopses(before: Synopsis, after: Synopsis) -> SynopsisDiff:
    """What makes `after` out of `before`, in reading order."""
    items = list(_items(before.items, after.items))
    return SynopsisDiff(
        title=diff_words(before.title, after.title),
        items=items,
        added=sum(item.change == "added" for item in items),
        removed=sum(item.change == "removed" for item in items),
        changed=sum(item.change == "changed" for item in items),
    )


def diff_words(before: str, after: str) -> list[DiffRun]:
    """The runs that make `after` out of `before`; whole words, spaces and marks."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(one) * len(other) > _MOST_COMPARISONS and before != after:
        return [DiffRun(op="delete", text=before), DiffRun(op="insert", text=after)]
    runs: list[DiffRun] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, one_from, one_to, other_from, other_to in matcher.get_opcodes():
        if tag == "equal":
            runs.append(DiffRun(op="equal", text="".join(one[one_from:one_to])))
            continue
        if one_to > one_from:
            runs.append(DiffRun(op="delete", text="".join(one[one_from:one_to])))
        if other_to > other_from:
            runs.append(DiffRun(op="insert", text="".join(other[other_from:other_to])))
    return runs


def _items(before: Sequence[SynopsisItem], after: Sequence[SynopsisItem]) -> Iterator[ItemDiff]:
    one, other = ([(item.type, words_of(item)) for item in items] for items in (before, after))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, one_from, one_to, other_from, other_to in matcher.get_opcodes():
        if tag == "equal":
            for item in after[other_from:other_to]:
                yield _whole(item, "same", "equal")
        else:
            yield from _replaced(before[one_from:one_to], after[other_from:other_to])


def _replaced(before: Sequence[SynopsisItem], after: Sequence[SynopsisItem]) -> Iterator[ItemDiff]:
    """Items that are alike are one item that changed; pairs don't cross."""
    done = 0
    for item in after:
        place = _partner(item, before, done, len(after))
        if place is None:
            yield _whole(item, "added", "insert")
            continue
        yield from (_whole(gone, "removed", "delete") for gone in before[done:place])
        runs = diff_words(words_of(before[place]), words_of(item))
        yield _of(item, "changed", runs)
        done = place + 1
    yield from (_whole(gone, "removed", "delete") for gone in before[done:])


def _partner(
    item: SynopsisItem, before: Sequence[SynopsisItem], start: int, rivals: int
) -> int | None:
    if len(before) * rivals > _MOST_PAIRS:
        return None
    words = _TOKEN.findall(words_of(item))
    for place in range(start, len(before)):
        if before[place].type != item.type:
            continue
        matcher = SequenceMatcher(None, _TOKEN.findall(words_of(before[place])), words)
        if matcher.quick_ratio() >= _LEAST_LIKENESS and matcher.ratio() >= _LEAST_LIKENESS:
            return place
    return None


def _whole(
    item: SynopsisItem,
    change: Literal["same", "added", "removed"],
    op: Literal["equal", "insert", "delete"],
) -> ItemDiff:
    return _of(item, change, [DiffRun(op=op, text=words_of(item))])


def _of(
    item: SynopsisItem,
    change: Literal["same", "changed", "added", "removed"],
    runs: list[DiffRun],
) -> ItemDiff:
    level = item.level if isinstance(item, HeadingItem) else None
    return ItemDiff(change=change, type=item.type, level=level, runs=runs)
