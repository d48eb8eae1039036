"""From the lines of PDF pages to paragraphs, headings, list items and code, as Markdown."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backend.documents.formats.pdf_lines import Line
from backend.documents.formats.pdf_words import Dehyphenator

_ITEM = re.compile(r"(?:[•▪◦‣●○■□·*]|[-–—]|\(?\d{1,2}[.)]|\(?[a-zа-я]\))\s+\S")
_SURE_ITEM = re.compile(r"[•▪◦‣●○■□]\s*\S")
_SENTENCE_END = re.compile(r"[.!?:;…][\"»”')\]]*$")
_LARGER = 1.12
_SHORT = 0.82
_MOST_HEADING_CHARACTERS = 160
_LOWEST_LEVEL = 4


@dataclass(frozen=True)
class PageStyle:
    """What is usual in the document: sizes and leading in points, line length in characters."""

    body_size: float
    leading: float
    line_length: float
    heading_sizes: tuple[float, ...]
    indents_paragraphs: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> PageStyle:
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.text)
        body = sizes.most_common(1)[0][0] if sizes else 0.0
        texts = [line for line in lines if line.size == body]
        steps = [a.y - b.y for a, b in pairwise(texts) if 0 < a.y - b.y < 60]
        lengths = sorted(len(line.text) for line in texts)
        larger = {line.size for line in lines if line.size > _LARGER * body and _is_wordy(line)}
        return cls(
            body_size=body,
            leading=statistics.median(steps) if steps else 1.2 * body,
            line_length=lengths[int(0.75 * len(lengths))] if lengths else 0,
            heading_sizes=tuple(sorted(larger, reverse=True)),
            indents_paragraphs=_indents_paragraphs(texts, lengths),
        )


def _indents_paragraphs(lines: Sequence[Line], lengths: Sequence[int]) -> bool:
    """True if lines set in from their neighbours mostly follow the end of a paragraph.

    In a list of references they follow the first line of an entry instead.
    """
    usual = lengths[int(0.75 * len(lengths))] if lengths else 0
    indented = closed = 0
    for before, line, following in zip(lines, lines[1:], lines[2:], strict=False):
        if _is_first_line(before, line, following):
            indented += 1
            ended = _SENTENCE_END.search(before.text) is not None
            closed += ended or len(before.text) < _SHORT * usual
    return closed > 0.5 * indented


def _is_first_line(before: Line, line: Line, following: Line | None) -> bool:
    """Set in from both its neighbours, as the first line of a paragraph is."""
    if following is None or not 0.6 * line.size < line.x - before.x < 5 * line.size:
        return False
    return abs(following.x - before.x) < 0.3 * line.size and before.y > line.y > following.y


def paragraphs(lines: Sequence[Line]) -> list[str]:
    """The blocks of the text, to be joined by blank lines. Lines come in reading order."""
    style = PageStyle.of(lines)
    words = Dehyphenator(line.text for line in lines)
    blocks: list[list[Line]] = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if blocks and not _starts_block(blocks[-1], line, following, style):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [_render(block, style, words) for block in blocks]


def _render(block: list[Line], style: PageStyle, words: Dehyphenator) -> str:
    if block[0].is_monospace:
        left = min(line.x for line in block)
        width = 0.6 * (block[0].size or 1)
        code = (" " * round((line.x - left) / width) + line.text for line in block)
        return "```\n" + "\n".join(code) + "\n```"
    text = block[0].text
    for before, line in pairwise(block):
        is_row = _is_tabular(before) or _is_tabular(line)
        text = f"{text}\n{line.text}" if is_row else words.join(text, line.text)
    level = _heading_level(block[0], style)
    if level and len(text) <= _MOST_HEADING_CHARACTERS:
        return "#" * level + " " + text
    return re.sub(r"^[•▪◦‣●○■□]\s*", "- ", text)


def _heading_level(line: Line, style: PageStyle) -> int:
    """1 for the largest type; 0 for what isn't a heading."""
    if line.size in style.heading_sizes:
        return min(1 + style.heading_sizes.index(line.size), _LOWEST_LEVEL)
    is_own_line = line.is_bold and line.size >= 0.95 * style.body_size and _is_wordy(line)
    if is_own_line and not re.search(r"[.;,]$", line.text) and len(line.text) < 100:
        return min(1 + len(style.heading_sizes), _LOWEST_LEVEL)
    return 0


def _is_tabular(line: Line) -> bool:
    """A row of a table: mostly numbers."""
    tokens = line.text.split()
    return len(tokens) >= 3 and sum(any(map(str.isdigit, t)) for t in tokens) >= 0.5 * len(tokens)


def _is_wordy(line: Line) -> bool:
    letters = sum(character.isalpha() for character in line.text)
    return letters >= 3 and letters > 0.5 * len(line.text.replace(" ", ""))


def _starts_block(block: list[Line], line: Line, following: Line | None, style: PageStyle) -> bool:
    before = next((past for past in reversed(block) if not _is_tiny(past)), block[-1])
    if before.size == 0 or line.size == 0:
        ended = _SENTENCE_END.search(before.text) is not None
        return bool(_SURE_ITEM.match(line.text)) or (ended and _is_short(before, style))
    if line.is_monospace or before.is_monospace:
        return line.is_monospace != before.is_monospace
    gap = before.y - line.y
    if _is_tiny(line) and abs(gap) < 2 * style.leading:
        return False
    level = _heading_level(before, style)
    is_other_type = abs(line.size - before.size) > 0.15 * before.size
    is_apart = gap > 1.45 * max(style.leading, 1.1 * line.size)
    if level != _heading_level(line, style) or is_other_type or is_apart:
        return True
    if gap < -0.5 * line.size:
        return _starts_after_jump(before, line, style)
    return not level and _starts_by_look(block[0], before, line, following, style)


def _is_tiny(line: Line) -> bool:
    """An index, a limit of a sum: a piece of a formula that stands on a line of its own."""
    return len(line.text) <= 3 and not line.is_monospace


def _starts_after_jump(before: Line, line: Line, style: PageStyle) -> bool:
    """At the head of a column or page a paragraph goes on unless the last one was ended."""
    ended = bool(_SENTENCE_END.search(before.text))
    return ended and (_is_short(before, style) or not line.text[0].islower())


def _starts_by_look(
    first: Line, before: Line, line: Line, following: Line | None, style: PageStyle
) -> bool:
    ended = bool(_SENTENCE_END.search(before.text))
    closed = ended or _is_short(before, style)
    if _SURE_ITEM.match(line.text) or (closed and _ITEM.match(line.text)):
        return True
    indent, is_item = line.x - before.x, bool(_ITEM.match(first.text))
    if _ITEM.match(line.text) and indent < -0.5 * line.size:
        return True
    if closed and _is_wordy(line) != _is_wordy(before) and not line.text[0].islower():
        return True
    is_first = _is_first_line(before, line, following)
    if is_first and style.indents_paragraphs and not re.match(r"[a-zа-яё]", line.text):
        return not re.search(r"[-,\u2010]$", before.text)
    if closed and 0.6 * line.size < indent < 5 * line.size and (is_first or not is_item):
        return True
    return ended and len(before.text) < 0.6 * style.line_length


def _is_short(line: Line, style: PageStyle) -> bool:
    return len(line.text) < _SHORT * style.line_length
