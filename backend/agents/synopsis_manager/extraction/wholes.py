"""The lines of a transcript without punctuation that can stand in notes: whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.synopsis_manager.page import Line
from backend.agents.text import halves


def whole_lines(lines: Sequence[Line]) -> list[Line]:
    """Without the pieces of such a transcript that aren't surely whole; other lines stay.

    Where nothing is left, all that passed for sentences: better halves than nothing.
    """
    said = [line for line in lines if line.kind == "text"]
    if not halves.is_unmarked(line.text for line in said):
        return list(lines)
    closed = [line for line in said if not halves.is_open(line.text)]
    whole = [line for line in closed if not halves.is_half(line.text)]
    kept = {line.number for line in whole or closed}
    return [line for line in lines if line.kind != "text" or line.number in kept]
