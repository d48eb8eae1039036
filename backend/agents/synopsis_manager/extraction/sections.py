"""The sections of a page: by its headings, else by where the subject changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from backend.agents.synopsis_manager.extraction.headings import heading_of
from backend.agents.synopsis_manager.page import Line
from backend.agents.text.words import content_stems, count_words

# A stretch without headings that is longer than this is cut by subject.
LONGEST_PLAIN_WORDS = 1_600
LONGEST_UNTITLED_WORDS = 500
_WISHED_WORDS = 750
_FEWEST_WORDS = 350
_WINDOW = 6
_LONGEST_SUBHEADING_WORDS = 9


@dataclass(frozen=True)
class Setting:
    """What a made-up heading is to set its section apart from: stems by pieces, and the pieces."""

    spread: Counter[str]
    pieces: int


@dataclass
class Section:
    """Lines under one heading. A heading that nobody wrote cites the lines it was made from.

    `setting` is there where nobody wrote it.
    """

    heading: str
    level: int
    cites: list[int]
    lines: list[Line] = field(default_factory=list)
    setting: Setting | None = None

    @property
    def words(self) -> int:
        return sum(count_words(line.text) for line in self.lines if line.kind != "code")


def sections_of(
    lines: Sequence[Line], longest_plain_words: int = LONGEST_PLAIN_WORDS
) -> list[Section]:
    """The sections in order; empty ones (a heading right below another) are kept.

    A long stretch without headings is cut by subject, and a page without any gets some.
    """
    has_headings = any(line.kind == "heading" for line in lines)
    longest_words = longest_plain_words if has_headings else LONGEST_UNTITLED_WORDS
    sections = [Section("", 2, [])]
    level = 1
    for index, line in enumerate(lines):
        if line.kind == "heading":
            level = line.level
            sections.append(Section(line.text, level, [line.number]))
        elif _is_subheading(lines, index):
            sections.append(Section(line.text.rstrip(".:"), level + 1, [line.number]))
        else:
            sections[-1].lines.append(line)
    return [
        piece
        for section in sections
        if section.heading or section.lines
        for piece in _by_subject(section, longest_words)
    ]


def named_for(sections: Sequence[Section], chosen: Collection[int]) -> list[Section]:
    """The sections, their made-up headings made of the chosen lines; without any, of none."""
    used: set[str] = {section.heading for section in sections if section.setting is None}
    named: list[Section] = []
    for section in sections:
        setting = section.setting
        if setting is None:
            named.append(section)
            continue
        shown = [line for line in section.lines if line.number in chosen]
        heading, cites = heading_of(section.lines, setting.spread, setting.pieces, used, shown)
        used.add(heading)
        named.append(replace(section, heading=heading, cites=cites))
    return named


def _is_subheading(lines: Sequence[Line], index: int) -> bool:
    """A short item of an ordered list, with paragraphs of its own below it, heads them."""
    line = lines[index]
    if line.kind != "item" or not line.ordered or index + 1 >= len(lines):
        return False
    if index and lines[index - 1].kind == "item":
        return False
    below = lines[index + 1]
    short = count_words(line.text) <= _LONGEST_SUBHEADING_WORDS
    return short and below.kind == "text" and below.paragraph != line.paragraph


def _by_subject(section: Section, longest_words: int) -> list[Section]:
    if section.words <= longest_words:
        return [section]
    stems = [content_stems(line.text) if line.kind != "code" else [] for line in section.lines]
    cuts = _subject_changes(section.lines, stems)
    borders = [0, *cuts, len(section.lines)]
    pieces = list(pairwise(borders))
    spread = Counter(
        stem for start, end in pieces for stem in {s for x in stems[start:end] for s in x}
    )
    level = section.level + 1 if section.heading else section.level
    made = [Section(section.heading, section.level, section.cites)] if section.heading else []
    for start, end in pieces:
        lines = section.lines[start:end]
        heading, cites = heading_of(lines, spread, len(pieces), {one.heading for one in made})
        made.append(Section(heading, min(4, level), cites, lines, Setting(spread, len(pieces))))
    return made


def _subject_changes(lines: Sequence[Line], stems: Sequence[Sequence[str]]) -> list[int]:
    """Where the words before and after have least in common, some 750 words apart (TextTiling)."""
    depth = {
        index: _kinship(stems, index)
        for index in range(1, len(lines))
        if lines[index].paragraph != lines[index - 1].paragraph or len(lines) > 40
    }
    cuts: list[int] = []
    since, best = 0, 0
    for index in range(1, len(lines)):
        since += count_words(lines[index - 1].text)
        if since < _FEWEST_WORDS or index not in depth:
            continue
        is_new_paragraph = lines[index].paragraph != lines[index - 1].paragraph
        score = depth[index] - (0.1 if is_new_paragraph else 0.0)
        if not best or score < depth[best]:
            best = index
        if since >= _WISHED_WORDS:
            cuts.append(best)
            since = sum(count_words(line.text) for line in lines[best:index])
            best = 0
    rest = sum(count_words(line.text) for line in lines[cuts[-1] if cuts else 0 :])
    return cuts[:-1] if cuts and rest < _FEWEST_WORDS else cuts


def _kinship(stems: Sequence[Sequence[str]], index: int) -> float:
    before = {stem for found in stems[max(0, index - _WINDOW) : index] for stem in found}
    after = {stem for found in stems[index : index + _WINDOW] for stem in found}
    smaller = min(len(before), len(after))
    return len(before & after) / smaller if smaller else 1.0
