"""How much each line of a page is worth to somebody who reads only the notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backend.agents.synopsis_manager.extraction import wording
from backend.agents.synopsis_manager.extraction.sections import Section
from backend.agents.synopsis_manager.page import Line
from backend.agents.text import cues
from backend.agents.text.definitions import definition_in
from backend.agents.text.ranking import centrality
from backend.agents.text.words import content_stems, count_words

_APPENDIX_PENALTY = 0.8
_SHORTEST_WORDS, _LONGEST_WORDS = 5, 42


@dataclass(frozen=True)
class Scored:
    """A line with its worth; `stems` are its content words."""

    line: Line
    section: int
    score: float
    stems: frozenset[str]
    words: int


def score(sections: Sequence[Section], title: str) -> list[Scored]:
    """Every sentence and list item of the page with its score, in order. Code isn't scored."""
    placed = [
        (place, index, line)
        for place, section in enumerate(sections)
        for index, line in enumerate(section.lines)
        if line.kind != "code"
    ]
    stems = [content_stems(line.text) for _, _, line in placed]
    central = centrality(stems)
    frequent = _frequent(stems)
    subject = set(content_stems(title))
    scored = []
    for (place, index, line), found, rank in zip(placed, stems, central, strict=True):
        section = sections[place]
        count = count_words(line.text)
        topical = subject | set(content_stems(section.heading))
        value = (
            0.36 * rank / (1 + max(0, count - 25) / 30)
            + 0.27 * _position(section, index)
            + 0.14 * _share(found, topical)
            + 0.24 * _density(found, frequent)
            + wording.weight(line.text)
            + (0.18 if definition_in(line.text) else 0.0)
            - _form_penalty(line, count, len(found))
            - (_APPENDIX_PENALTY if cues.is_appendix(section.heading) else 0.0)
        )
        scored.append(Scored(line, place, value, frozenset(found), count))
    return scored


def _frequent(stems: Sequence[Sequence[str]]) -> dict[str, float]:
    counts = Counter(stem for found in stems for stem in set(found))
    highest = max(counts.values(), default=1)
    return {stem: count / highest for stem, count in counts.items()}


def _position(section: Section, index: int) -> float:
    """The first sentence of a section, then those that open a paragraph, say most."""
    if cues.is_small_talk(section.lines[index].text):
        return 0.2
    if index == 0:
        return 1.0
    if section.lines[index].kind == "item":
        return 0.3
    opens = section.lines[index].paragraph != section.lines[index - 1].paragraph
    return 0.55 if opens else 0.2


def _share(found: Sequence[str], topical: set[str]) -> float:
    return min(1.0, len(set(found) & topical) / 2) if topical else 0.0


def _density(found: Sequence[str], frequent: dict[str, float]) -> float:
    distinct = set(found)
    if not distinct:
        return 0.0
    return min(1.0, 1.6 * sum(frequent[stem] for stem in distinct) / len(distinct))


def _form_penalty(line: Line, count: int, content: int) -> float:
    penalty = 0.0
    if count < _SHORTEST_WORDS and line.kind == "text":
        penalty += 0.5
    elif count < 9 and line.kind == "text":
        penalty += 0.18
    if count > _LONGEST_WORDS:
        penalty += min(0.5, (count - _LONGEST_WORDS) / 60)
    if content < 3 and line.kind == "text":
        penalty += 0.25
    if cues.points_back(line.text):
        penalty += 0.12
    if line.speaker and (content < 4 or content / max(1, count) < 0.3):
        penalty += 0.2
    if line.speaker and cues.points_back(line.text):
        penalty += 0.2
    symbols = sum(not (c.isalnum() or c.isspace() or c in ".,;:!?-—–'’\"«»()“”") for c in line.text)
    if symbols > 0.06 * len(line.text):
        penalty += 0.25
    return penalty
