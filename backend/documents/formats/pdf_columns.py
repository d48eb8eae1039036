"""Pages that are drawn row by row across two columns: told by how the pen jumps, and cut apart.

The rare producer draws the first line of both columns, then the second of both. pypdf's layout
mode keeps the places of words on such a page; the gap between the columns is where it stays
blank down the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

_FEWEST_ROWS = 6
_SHARE_OF_ROWS = 0.5
_BLANK_SHARE = 0.9
_FEWEST_CHARACTERS = 15
_SAME_ROW_PT = 2.0
_COLUMN_STARTS = (0.4, 0.7)
"""Where a second column may begin, as shares of the page's width: narrower ones are tables."""


def is_drawn_across(pen: Sequence[tuple[float, float]], page_width: float) -> bool:
    """True if the pen (x, y in points, in drawing order) keeps jumping from the left half to one
    and the same place in the right half without leaving the row."""
    rows = {round(y / _SAME_ROW_PT) for _, y in pen}
    low, high = (share * page_width for share in _COLUMN_STARTS)
    landings = Counter(
        round(x / 3)
        for (before_x, before_y), (x, y) in pairwise(pen)
        if abs(y - before_y) < _SAME_ROW_PT and before_x < x and low < x < high
    )
    most = max(landings.values(), default=0)
    return most >= max(_FEWEST_ROWS, _SHARE_OF_ROWS * len(rows))


def column_order(layout: str) -> list[str] | None:
    """The rows of a page in reading order, columns one after another, or None if the page has no
    gap down its middle. `layout` is the page as pypdf's layout mode gives it."""
    rows = [row.rstrip() for row in layout.split("\n") if row.strip()]
    gap = _gap(rows)
    if gap is None:
        return None
    return [re.sub(r" {2,}", " ", row).strip() for row in _reordered(rows, gap)]


def _gap(rows: Sequence[str]) -> int | None:
    width = max((len(row) for row in rows), default=0)
    wide = [row for row in rows if len(row) > 0.6 * width]
    if len(wide) < _FEWEST_ROWS:
        return None
    places = range(int(0.3 * width), int(0.7 * width))
    best = max(places, key=lambda place: sum(_is_blank(row, place) for row in rows), default=0)
    cells = [(row[:best].strip(), row[best:].strip()) for row in rows if _is_blank(row, best)]
    both = [(left, right) for left, right in cells if left and right]
    if len(cells) < _BLANK_SHARE * len(rows) or len(both) < _SHARE_OF_ROWS * len(rows):
        return None
    mean = sum(min(len(left), len(right)) for left, right in both) / len(both)
    return best if mean >= _FEWEST_CHARACTERS else None


def _is_blank(row: str, place: int) -> bool:
    return not row[place - 1 : place + 1].strip()


def _reordered(rows: Sequence[str], gap: int) -> Iterator[str]:
    """A row that runs across the gap ends both columns above it."""
    left: list[str] = []
    right: list[str] = []
    for row in rows:
        if _is_blank(row, gap):
            left.append(row[:gap])
            right.append(row[gap:])
        else:
            yield from (*left, *right, row)
            left, right = [], []
    yield from (cell for cell in (*left, *right) if cell.strip())
