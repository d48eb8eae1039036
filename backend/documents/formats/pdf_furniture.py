"""Drops what a PDF repeats on its pages and nobody reads: running heads, feet, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from backend.documents.formats.pdf_lines import Line

_EDGE_LINES = 3
_PAGE_NUMBER = re.compile(
    r"[\s\-–—|\[(]*(?:page|p\.|стр\.?|страница|с\.)?\s*"
    r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of|из)\s*\d{1,4})?[\s\-–—|\])]*",
    re.IGNORECASE,
)
_NEARBY_PT = 4


def drop_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """`pages` without the lines at their head and foot that repeat, page numbers included.

    A line repeats if the same words (digits aside) stand at the same height on at least two
    pages and a third of all. A bare number at the edge goes only in a document of several pages.
    """
    if len(pages) < 2:
        return [list(page) for page in pages]
    places = Counter(place for page in pages for place in {_place(line) for line in _edges(page)})
    enough = max(2, len(pages) / 3)
    kept: list[list[Line]] = []
    for page in pages:
        edges = _edges(page)
        kept.append(
            [
                line
                for line in page
                if not (line in edges and _is_furniture(line, edges, places, enough))
            ]
        )
    return kept


def _edges(page: Sequence[Line]) -> list[Line]:
    """The few highest and lowest lines, wherever the page draws them."""
    by_height = sorted(page, key=lambda line: -line.y)
    return by_height[:_EDGE_LINES] + by_height[_EDGE_LINES:][-_EDGE_LINES:]


def _place(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.y / _NEARBY_PT)


def _is_furniture(
    line: Line, edges: Sequence[Line], places: Counter[tuple[str, int]], enough: float
) -> bool:
    text, height = _place(line)
    if sum(places[text, near] for near in (height - 1, height, height + 1)) >= enough:
        return True
    outermost = {edges[0], edges[-1]}
    return line in outermost and _PAGE_NUMBER.fullmatch(line.text) is not None
