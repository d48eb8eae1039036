"""The sections of a page: by its headings, else by where the subject changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from backend.agents.synopsis_manager.page import Line
from backend.agents.text.words import content_stems, count_words, words

# A stretch without headings that is longer than this is cut by subject.
LONGEST_PLAIN_WORDS = 1_600
LONGEST_UNTITLED_WORDS = 500
_WISHED_WORDS = 750
_FEWEST_WORDS = 350
_WINDOW = 6
_LONGEST_SUBHEADING_WORDS = 9


@dataclass
class Section:
    """Lines under one heading. A heading that nobody wrote cites the lines it was made from."""

    heading: str
    level: int
    cites: list[int]
    lines: list[Line] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(count_words(line.text) for line in self.lines if line.kind != "code")


def sections_of(lines: Sequence[Line]) -> list[Section]:
    """The sections in order; empty ones (a heading right below another) are kept.

    A long stretch without headings is cut by subject, and a page without any gets some.
    """
    has_headings = any(line.kind == "heading" for line in lines)
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
        for piece in _by_subject(section, has_headings)
    ]


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


def _by_subject(section: Section, has_headings: bool) -> list[Section]:
    if section.words <= (LONGEST_PLAIN_WORDS if has_headings else LONGEST_UNTITLED_WORDS):
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
        heading, cites = _named(lines, spread, len(pieces))
        made.append(Section(heading, min(4, level), cites, lines))
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


_TITLE_WORD = re.compile(r"[^\W\d_][\w’'-]*$")
# A heading names things. Without a dictionary, the endings of verbs, adverbs and adjectives.
_NO_NAME = re.compile(
    r".*(?:ing|ed|ly|ful|ous|ive|able|ible"
    r"|ть|ться|тся|ет|ют|ут|ит|ат|ят|ешь|ишь|ете|ите|ал|ала|али|ил|ила|или|ел|ела|ели|ую|аю|яю|ею|"
    r"ый|ий|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ых|их|ым|им|ыми|ими|ую|юю|но|ше|ски|ена|ено|ены|ан|ано|"
    r"аны|ят|ься|лся|лась|лись|емся|имся)$",
    re.IGNORECASE,
)
_SAYS_LITTLE = frozenset(
    "bit dunno cool love mind time day week year guy guys hand end top bottom kind part piece "
    "course sense idea question answer example wrong fun chat show today talk couple "
    "раз часть вид день время человек вопрос ответ пример слово случай".split()
)
_MOST_TERMS = 2
_PAIR_BONUS, _NAME_BONUS = 1.9, 1.5


def _named(lines: Sequence[Line], spread: Counter[str], pieces: int) -> tuple[str, list[int]]:
    """A heading of the terms that set these lines apart, and the lines that hold them."""
    found: Counter[tuple[str, ...]] = Counter()
    surface: dict[tuple[str, ...], Counter[str]] = {}
    for line in lines:
        if line.kind != "code":
            for key, written in _terms(line.text):
                found[key] += 1
                surface.setdefault(key, Counter())[written] += 1

    def worth(key: tuple[str, ...]) -> float:
        elsewhere = sum(spread[stem] for stem in key) / len(key) / (pieces + 1)
        is_name = surface[key].most_common(1)[0][0][:1].isupper()
        bonus = (_PAIR_BONUS if len(key) > 1 else 1.0) * (_NAME_BONUS if is_name else 1.0)
        return found[key] * bonus * (1.3 - elsewhere)

    chosen: list[tuple[str, ...]] = []
    for key in sorted((key for key, count in found.items() if count > 1), key=worth, reverse=True):
        if len(chosen) < _MOST_TERMS and not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
    shown = [_dictionary_form(surface[key]) for key in chosen]
    cites = {number for written in shown if (number := _first_with(written, lines)) is not None}
    heading = ", ".join(shown)
    return heading[:1].upper() + heading[1:], sorted(cites)


def _first_with(written: str, lines: Sequence[Line]) -> int | None:
    lower = written.lower()
    return next((line.number for line in lines if lower in line.text.lower()), None)


_OBLIQUE = re.compile(r".*(?:у|ю|ом|ем|ём|ой|ей|ами|ями|ах|ях|ов|ев|ам|ям)$")
_PLURAL = re.compile(r".*[иыее]$")


def _dictionary_form(forms: Counter[str]) -> str:
    """Of the written forms of a Russian word the one most like the nominative; else the commonest.

    Between «текст» and «текста» the bare one is taken unless it is rare («задач», «задача»).
    """

    def rank(form: str) -> tuple[int, int]:
        lower = form.lower()
        case = 2 if _OBLIQUE.match(lower) else 1 if _PLURAL.match(lower) else 0
        return case, -forms[form]

    best = min(forms, key=rank)
    bare = best[:-1]
    if best[-1:] in "ая" and bare in forms and forms[bare] * 3 >= forms[best]:
        return bare
    return best


def _terms(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Words that name things, alone and with their neighbour: (stems, as written)."""
    written = [(word, content_stems(word)) for word in words(text)]
    terms: list[tuple[tuple[str, ...], str]] = []
    for index, (word, stems) in enumerate(written):
        if len(stems) != 1 or len(word) < 3 or not _TITLE_WORD.match(word):
            continue
        if not _NO_NAME.match(word) and word.lower() not in _SAYS_LITTLE:
            terms.append(((stems[0],), word if index else word.lower()))
        following, next_stems = written[index + 1] if index + 1 < len(written) else ("", [])
        pair = f"{word} {following}"
        names = len(next_stems) == 1 and len(following) > 2 and not _NO_NAME.match(following)
        if names and pair in text and next_stems[0] != stems[0]:
            terms.append(((stems[0], next_stems[0]), pair))
    return terms
