"""The lines of a text as a reader of markup needs them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line without its quote marks: `start` is where its own text begins."""

    start: int
    end: int
    text: str
    indent: int

    @property
    def is_blank(self) -> bool:
        return not self.text


_QUOTE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")


def lines_of(seen: str, text: str) -> list[Line]:
    """The lines of the visible text; indents are those of the text with its tags."""
    lines = []
    position = 0
    for raw in seen.split("\n"):
        quote = _QUOTE.match(raw)
        skipped = quote.end() if quote else 0
        body = raw[skipped:]
        stripped = body.strip()
        start = position + skipped + len(body) - len(body.lstrip())
        written = text[position + skipped : position + len(raw)]
        indent = len(written) - len(written.lstrip())
        lines.append(Line(start, start + len(stripped), stripped, indent))
        position += len(raw) + 1
    return lines
