"""The summary above the notes: paragraphs of the notes themselves, moved to the top."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.synopsis_manager.extraction import cues
from backend.agents.synopsis_manager.notes import DraftItem, Overview
from backend.agents.synopsis_manager.page import Line, Page
from backend.agents.text.ranking import centrality
from backend.agents.text.words import content_stems, count_words

_LONGEST_WORDS = 85
_SHORTEST_WORDS = 12
_MOST_PARAGRAPHS = 2
_FEWEST_NOTES = 5
_SAME = 0.75


def overview_of(page: Page) -> Overview:
    """A paragraph that is moved up is listed as repeated, so that it isn't said twice.

    Notes of fewer than five items get no summary: they are one.
    """
    lines = page.lines
    chosen = _central(lines) if len(lines) >= _FEWEST_NOTES else []
    return Overview(
        title=page.headers["Title"],
        summary=[DraftItem(kind="text", text=line.text, cites=[line.number]) for line in chosen],
        repeated=sorted({line.number for line in chosen} | _said_before(lines)),
    )


def _central(lines: Sequence[Line]) -> list[Line]:
    stems = [content_stems(line.text) for line in lines]
    ranks = centrality(stems)
    section_sizes = _section_sizes(lines)
    headings = [index for index, line in enumerate(lines) if line.kind == "heading" and index]
    first_section_end = headings[0] if headings else 3
    worth = {}
    for index, line in enumerate(lines):
        words = count_words(line.text)
        is_first_section = index < first_section_end
        spare = section_sizes[index] > 1 or is_first_section
        readable = _SHORTEST_WORDS <= words <= _LONGEST_WORDS and not cues.points_back(line.text)
        if line.kind != "text" or not spare or not readable:
            continue
        opening = 0.7 if is_first_section else 0.0
        worth[index] = ranks[index] / (1 + words / 120) + opening + cues.weight(line.text)
    chosen: list[int] = []
    left = _LONGEST_WORDS
    for index in sorted(worth, key=lambda i: -worth[i]):
        words = count_words(lines[index].text)
        if words <= left and len(chosen) < _MOST_PARAGRAPHS:
            chosen.append(index)
            left -= words
    return [lines[index] for index in sorted(chosen)]


def _section_sizes(lines: Sequence[Line]) -> list[int]:
    """For each line the number of lines under its heading."""
    sections: list[int] = []
    for line in lines:
        following = bool(sections) and line.kind != "heading"
        sections.append(sections[-1] if following else len(sections))
    counts = {section: 0 for section in sections}
    for section, line in zip(sections, lines, strict=True):
        counts[section] += line.kind != "heading"
    first_is_open = bool(lines) and lines[0].kind != "heading"
    return [counts[s] + (1 if first_is_open and s == sections[0] else 0) for s in sections]


def _said_before(lines: Sequence[Line]) -> set[int]:
    repeated = set()
    earlier: list[frozenset[str]] = []
    for line in lines:
        if line.kind == "heading":
            continue
        stems = frozenset(content_stems(line.text))
        smaller = max(1, len(stems))
        if len(stems) > 2 and any(len(stems & other) / smaller > _SAME for other in earlier):
            repeated.add(line.number)
        else:
            earlier.append(stems)
    return repeated
