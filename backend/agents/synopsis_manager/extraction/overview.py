"""The summary above the notes: paragraphs of the notes themselves, moved to the top."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.synopsis_manager.extraction import wording
from backend.agents.synopsis_manager.extraction.features import features_of, places_of
from backend.agents.synopsis_manager.extraction.weights import worth
from backend.agents.synopsis_manager.notes import DraftItem, Overview
from backend.agents.synopsis_manager.page import Line, Page
from backend.agents.synopsis_manager.parts import LONGEST_NOTES_WORDS
from backend.agents.text import cues
from backend.agents.text.ranking import centrality
from backend.agents.text.words import content_stems, count_words

_LONGEST_WORDS = 100
_SHORTEST_WORDS = 8
_ENOUGH_WORDS, _MOST_PARAGRAPHS = 35, 2
_FEWEST_NOTES = 5
_SAME = 0.85
_SLACK = 1.1


def overview_of(page: Page) -> Overview:
    """A paragraph that is moved up is left out below, so that it isn't said twice.

    Notes of fewer than five items get no summary: they are one.
    """
    lines = page.lines
    ranks = centrality([content_stems(line.text) for line in lines])
    is_conversation = page.headers.get("Kind") == "conversation"
    chosen = _summary(lines, is_conversation) if len(lines) >= _FEWEST_NOTES else []
    moved = {line.number for line in chosen}
    repeated = _said_before(lines)
    allowed = int(page.headers.get("Notes at most", "0")) or LONGEST_NOTES_WORDS
    too_much = _too_much(lines, ranks, repeated, moved, allowed)
    return Overview(
        title=page.headers["Title"],
        summary=[DraftItem(kind="text", text=line.text, cites=[line.number]) for line in chosen],
        left_out=sorted(moved | repeated | too_much),
    )


def _too_much(
    lines: Sequence[Line],
    ranks: Sequence[float],
    repeated: set[int],
    moved: set[int],
    allowed: int,
) -> set[int]:
    """The least central notes beyond the allowed words; what makes the summary stays."""
    kept = {
        index: count_words(line.text)
        for index, line in enumerate(lines)
        if line.kind != "heading" and line.number not in repeated
    }
    total = sum(kept.values())
    headings = sum(count_words(line.text) for line in lines if line.kind == "heading")
    at_most = max(allowed, LONGEST_NOTES_WORDS)
    dropped = set()
    first = next((line.number for line in lines if line.kind == "text"), 0)
    for index in sorted(kept, key=lambda i: ranks[i] + wording.weight(lines[i].text)):
        if total <= allowed * _SLACK and total + headings <= at_most:
            break
        if lines[index].number not in moved and lines[index].number != first:
            dropped.add(lines[index].number)
            total -= kept[index]
    return dropped


def _worths(lines: Sequence[Line]) -> dict[int, float]:
    """What each line of the notes on a conversation is worth to an abstract of it."""
    places = places_of(lines)
    found = features_of(places, opens_material=True)
    return {
        place.line.number: worth(features, "talk")
        for place, features in zip(places, found, strict=True)
    }


def _summary(lines: Sequence[Line], is_conversation: bool) -> list[Line]:
    """The paragraphs to move up: the opening of a written text, the heart of a conversation.

    Empty if the opening can't be moved: then the notes begin with it anyway.
    """
    sizes = _section_sizes(lines)
    movable = [
        index
        for index, line in enumerate(lines)
        if _can_move(line) and (sizes[index] > 1 or lines[0].kind != "heading")
    ]
    if is_conversation:
        worths = _worths(lines)
        ranked = sorted(movable, key=lambda i: -worths[lines[i].number])
        candidates = [i for i in ranked if not cues.points_back(lines[i].text)]
    else:
        candidates = _opening(lines, movable)
    chosen: list[int] = []
    words = 0
    for index in candidates:
        more = count_words(lines[index].text)
        if words < _ENOUGH_WORDS and words + more <= _LONGEST_WORDS:
            chosen.append(index)
            words += more
    return [lines[index] for index in sorted(chosen[:_MOST_PARAGRAPHS])]


def _can_move(line: Line) -> bool:
    """A paragraph of readable length that nothing hangs on that would stay."""
    readable = _SHORTEST_WORDS <= count_words(line.text) <= _LONGEST_WORDS
    return line.kind == "text" and readable and not cues.announces(line.text)


def _opening(lines: Sequence[Line], movable: Sequence[int]) -> list[int]:
    """The first paragraph and what follows it at once, all before the second heading."""
    first = next((index for index, line in enumerate(lines) if line.kind == "text"), 0)
    headings_before = sum(line.kind == "heading" for line in lines[:first])
    if first not in movable or headings_before > 1:
        return []
    following = first + 1
    goes_on = following in movable and not wording.is_caveat(lines[following].text)
    return [first, following] if goes_on else [first]


def _section_sizes(lines: Sequence[Line]) -> list[int]:
    """For each line the number of lines under its heading."""
    sections: list[int] = []
    for line in lines:
        following = bool(sections) and line.kind != "heading"
        sections.append(sections[-1] if following else len(sections))
    counts = dict.fromkeys(sections, 0)
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
