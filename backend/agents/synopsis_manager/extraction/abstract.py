"""The sentences that tell in a few words what the whole is about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from backend.agents.synopsis_manager.extraction.course import opening_of
from backend.agents.synopsis_manager.extraction.features import Place, features_of, places_of
from backend.agents.synopsis_manager.extraction.independence import (
    leans_back,
    outline_below,
    stands_alone,
)
from backend.agents.synopsis_manager.extraction.short_texts import lines_of_short_text
from backend.agents.synopsis_manager.extraction.steps import is_step
from backend.agents.synopsis_manager.extraction.talk import (
    is_to_the_point,
    terse_lines,
    turns,
    with_speaker,
)
from backend.agents.synopsis_manager.extraction.weights import Genre, worth
from backend.agents.synopsis_manager.extraction.wholes import whole_lines
from backend.agents.synopsis_manager.notes import DraftItem, Overview
from backend.agents.synopsis_manager.page import Line, Page
from backend.agents.synopsis_manager.parts import ABSTRACT
from backend.agents.text import cues
from backend.agents.text.words import count_words

# What a sentence loses for each part of its content words that was said already.
_SAID_ALREADY = 0.3
# What it gains if the one before it was picked too: together they read better.
_GOES_ON = 0.12
# What the author's own outline gains («In this chapter we discuss: …»).
_OUTLINE = 0.05
# What a sentence loses that only goes a step on («Теперь добавим…»).
_STEP = 0.08
_MOST_CANDIDATES = 120
_SHORT_PAGE_WORDS = 450
_LONGEST_PARAGRAPH_WORDS = 90


def is_abstract(headers: Mapping[str, str]) -> bool:
    """Whether so few words are asked for that headings and lists would fill them."""
    return headers.get("Form") == ABSTRACT


def candidates_for_abstract(page: Page) -> list[DraftItem]:
    """The best sentences of one part, each by itself, below the headings they stand under.

    Before those of a whole conversation a note tells who spoke of what.
    """
    opens = "Opens the material" in page.headers
    is_conversation = _is_conversation(page)
    allowed = int(page.headers.get("Words at most", "80"))
    opening = opening_of(page.lines, allowed) if page.headers.get("Part") == "1 of 1" else None
    lines = terse_lines(page.lines) if is_conversation else whole_lines(page.lines)
    first = page.lines[0] if page.lines else None
    title = first.text if opens and first is not None and first.kind == "heading" else ""
    before = count_words(f"{title} {opening.text if opening is not None else ''}")
    picked = {
        line.number: line.text
        for line in abstract_of(
            lines, allowed - before, opens_material=opens, is_conversation=is_conversation
        )
    }
    candidates = _candidates(page.lines, picked)
    return candidates if opening is None else [opening, *candidates]


def _is_conversation(page: Page) -> bool:
    return page.headers.get("Kind") == "conversation"


def _candidates(lines: Sequence[Line], picked: Mapping[int, str]) -> list[DraftItem]:
    """The headings, and the picked lines as they are to be said."""
    items: list[DraftItem] = []
    for line in lines:
        if line.kind == "heading":
            level = min(4, line.level)
            draft = DraftItem(kind="heading", text=line.text, level=level, cites=[line.number])
            items.append(draft)
        elif line.number in picked:
            if line.kind == "item" and items and items[-1].text.endswith((":", ";")):
                items[-1] = _with_point(items[-1], line)
                continue
            said = picked[line.number]
            text = f"{line.speaker}: {said}" if line.speaker else said
            items.append(DraftItem(kind="text", text=text, cites=[line.number]))
    return items


def _with_point(draft: DraftItem, point: Line) -> DraftItem:
    """«We discuss:» with what is discussed, in one sentence."""
    text = f"{draft.text} {point.text.rstrip(' .;,')};"
    return draft.model_copy(update={"text": text, "cites": [*draft.cites, point.number]})


def abstract_overview(page: Page) -> Overview:
    """All that is left of the notes: their best sentences as a few paragraphs."""
    title = page.headers["Title"]
    allowed = int(page.headers["Notes at most"]) - count_words(title)
    is_conversation = _is_conversation(page)
    write = turns if is_conversation else _paragraphs
    proposed = [line for line in page.lines if line.kind != "heading"]
    # The only candidate that is a note, not a sentence: it stays.
    opening = [_paragraph([line]) for line in proposed if line.kind == "item"]
    left = allowed - _words_of(opening)
    lines = [with_speaker(line) if is_conversation else line for line in page.lines]
    lines = [line for line in lines if line.kind != "item"]
    summary = list(write([line for line in lines if line.kind != "heading"]))
    if _words_of(summary) > left:
        picked = abstract_of(lines, left, opens_material=True, is_conversation=is_conversation)
        summary = list(write(picked))
    return Overview(
        title=title,
        summary=[*opening, *summary],
        left_out=[line.number for line in page.lines],
    )


def _words_of(drafts: Sequence[DraftItem]) -> int:
    return sum(count_words(draft.text) for draft in drafts)


def _paragraphs(picked: Sequence[Line]) -> Iterator[DraftItem]:
    """The picked sentences in order, a new paragraph where there are enough words."""
    open_lines: list[Line] = []
    for line in picked:
        words = sum(count_words(one.text) for one in open_lines)
        if open_lines and words + count_words(line.text) > _LONGEST_PARAGRAPH_WORDS:
            yield _paragraph(open_lines)
            open_lines = []
        open_lines.append(line)
    if open_lines:
        yield _paragraph(open_lines)


def _paragraph(lines: Sequence[Line]) -> DraftItem:
    text = " ".join(cues.closed(line.text.removesuffix(";")) for line in lines)
    return DraftItem(kind="text", text=text, cites=[line.number for line in lines])


def abstract_of(
    lines: Sequence[Line], max_words: int, *, opens_material: bool, is_conversation: bool
) -> list[Line]:
    """The lines to pick, in order, with at most `max_words` words: at least one, if there is any.

    Those of a page or less may come back shortened. Headings aren't picked, but tell what is
    central.
    """
    places = places_of(lines)
    if not is_conversation and sum(len(p.words) for p in places) < _SHORT_PAGE_WORDS:
        return lines_of_short_text(places, max_words, opens_material=opens_material)
    genre: Genre = "talk" if is_conversation else "text"
    scores = [
        worth(found, genre) - _STEP * (not is_conversation and is_step(place.line.text))
        if not is_conversation or is_to_the_point(found)
        else -math.inf
        for found, place in zip(features_of(places, opens_material), places, strict=True)
    ]
    chosen = _Picker(places, scores).pick(max_words)
    return [places[index].line for index in sorted(chosen)]


class _Picker:
    def __init__(self, places: Sequence[Place], scores: Sequence[float]) -> None:
        self.places = places
        self.scores = scores
        usable = [
            index
            for index, place in enumerate(places)
            if place.line.kind != "heading" and stands_alone(place)
        ]
        self.open = sorted(usable, key=lambda i: -scores[i])[:_MOST_CANDIDATES]
        self.lists = {
            index: found for index in self.open if (found := outline_below(places, index))
        }
        self.open = [index for index in self.open if index in self.lists or not self._leads(index)]
        self.chosen: set[int] = set()
        self.said: set[str] = set()

    def pick(self, max_words: int) -> set[int]:
        left = max_words
        while self.open:
            best = max(self.open, key=self._worth)
            if self._worth(best) == -math.inf:
                break
            self.open.remove(best)
            if best in self.chosen:
                continue
            together = {best, *self.lists.get(best, ())} - self.chosen
            words = sum(self._words(index) for index in together)
            if words <= left:
                left -= words
                self.chosen |= together
                self.said = self.said.union(*(self.places[index].stems for index in together))
        if not self.chosen and self.places:
            self._pick_the_shortest()
        return self.chosen

    def _words(self, index: int) -> int:
        line = self.places[index].line
        return count_words(f"{line.speaker} {line.text}")

    def _leads(self, index: int) -> bool:
        return cues.announces(self.places[index].line.text)

    def _pick_the_shortest(self) -> None:
        """No sentence fits: better one that is a little too long than none."""
        by_worth = sorted(range(len(self.places)), key=lambda i: -self.scores[i])
        usable = [i for i in by_worth if self.places[i].line.kind != "heading"][:3]
        if usable:
            self.chosen.add(min(usable, key=lambda i: len(self.places[i].words)))

    def _worth(self, index: int) -> float:
        stems = self.places[index].stems
        repeated = len(stems & self.said) / len(stems) if stems else 0.0
        goes_on = index - 1 in self.chosen
        if not goes_on and leans_back(self.places[index].line):
            return -math.inf
        bonus = _GOES_ON * goes_on + _OUTLINE * (index in self.lists)
        return self.scores[index] - _SAID_ALREADY * repeated + bonus
