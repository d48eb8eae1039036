"""Lines of a PDF page with their place and type, in the order in which the page draws them.

Nearly every producer draws text in reading order, column after column, so the drawing order
is kept; `pdf_columns` mends pages that are drawn row by row across two columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject

from backend.documents.formats.pdf_columns import column_order, is_drawn_across
from backend.documents.formats.pdf_scripts import with_scripts

_BOLD = re.compile(r"bold|black|heavy|demi|-medi$|bx\d|cmb\d|cmssbx", re.IGNORECASE)
_MONOSPACE = re.compile(r"courier|mono|consol|typewriter|cmtt|sftt|menlo|inconsol", re.IGNORECASE)
_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
_SAME_LINE = 0.55
"""How far a baseline may move, in font sizes, within a line: superscripts do, lines don't."""


@dataclass(frozen=True)
class Line:
    """One line: `x`, `y` (of the baseline, up from the page's foot) and `size` in points."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool = False
    is_monospace: bool = False


@dataclass(frozen=True)
class Fragment:
    """A run of text in one font, as pypdf reports it."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool
    is_monospace: bool
    is_upright: bool


def page_lines(page: PageObject) -> list[Line]:
    """The page's upright lines; all its text without places if most of it is turned."""
    fragments: list[Fragment] = []
    pen: list[tuple[float, float]] = []

    def move(operator: bytes, _operands: Any, cm: list[float], tm: list[float]) -> None:
        if operator in _SHOWING:
            pen.append(_position(cm, tm))

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip("\n"):
            fragments.append(_fragment(text, cm, tm, font, size))

    plain = page.extract_text(visitor_text=visit, visitor_operand_before=move)
    if is_drawn_across(pen, float(page.mediabox.width)):
        rows = column_order(page.extract_text(extraction_mode="layout"))
        if rows is not None:
            return _placeless(rows)
    upright = [fragment for fragment in fragments if fragment.is_upright]
    if sum(len(f.text) for f in upright) < 0.5 * sum(len(f.text) for f in fragments):
        return _placeless(plain.split("\n"))
    return group_lines(upright)


def _placeless(rows: Sequence[str]) -> list[Line]:
    return [Line(row.strip(), 0, 0, 0) for row in rows if row.strip()]


def group_lines(fragments: Sequence[Fragment]) -> list[Line]:
    """Fragments on one baseline become one line; the order stays."""
    lines: list[Line] = []
    current: list[Fragment] = []
    for fragment in fragments:
        if current and not _continues(current, fragment):
            lines.extend(_close(current))
            current = []
        current.append(fragment)
    lines.extend(_close(current))
    return lines


def _fragment(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> Fragment:
    name = str(font.get("/BaseFont", "")) if font else ""
    x, y = _position(cm, tm)
    return Fragment(
        text=text,
        x=x,
        y=y,
        size=abs(size) * math.hypot(tm[2], tm[3]) * math.hypot(cm[2], cm[3]),
        is_bold=bool(_BOLD.search(name)),
        is_monospace=bool(_MONOSPACE.search(name)),
        is_upright=abs(tm[1] * cm[0] + tm[0] * cm[1]) < 0.1 * (math.hypot(tm[0], tm[1]) or 1),
    )


def _position(cm: list[float], tm: list[float]) -> tuple[float, float]:
    """Where the text matrix puts the pen on the page, in points."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    return x, y


def _continues(current: list[Fragment], fragment: Fragment) -> bool:
    if current[-1].text.endswith("\n"):
        return False
    largest = max((*current, fragment), key=lambda part: part.size)
    return any(abs(part.y - fragment.y) <= _SAME_LINE * largest.size for part in current[-3:])


def _close(fragments: list[Fragment]) -> list[Line]:
    text = re.sub(r"[ \t]{2,}", " ", "".join(with_scripts(fragments))).strip()
    if not text:
        return []
    inked = [part for part in fragments if part.text.strip()]
    main = max(inked, key=lambda part: (part.size, len(part.text)))
    return [
        Line(
            text=text,
            x=inked[0].x,
            y=main.y,
            size=round(main.size, 1),
            is_bold=all(part.is_bold for part in inked),
            is_monospace=all(part.is_monospace for part in inked),
        )
    ]
