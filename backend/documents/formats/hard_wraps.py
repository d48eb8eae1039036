"""Joins lines that some earlier program broke at a fixed width and saved as paragraphs each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

# Broken text has a margin, and most of its lines end in the middle of a sentence.
_NARROWEST, _WIDEST = 40, 100
_FEWEST_BROKEN = 5
_BROKEN_SHARE = 0.2
_UNDERLINE = re.compile(r"([=\-~^\"'*+#.])\1{2,}$")
_BEFORE_CODE = re.compile(r"^\.\. |::$")
_BEGINS = re.compile(r"[-*+•] |\d{1,3}[.)] |\.\. |[A-Z][\w-]*: ")
_ENDS = re.compile(r"[.!?…:;][\"'»”)]*$")


def is_hard_wrapped(lines: Sequence[str]) -> bool:
    """Whether the lines (no blank ones among them) look broken at a width."""
    if len(lines) < _FEWEST_BROKEN or max(map(len, lines)) > _WIDEST:
        return False
    broken = sum(_goes_on(one, following) for one, following in pairwise(lines))
    return broken >= _FEWEST_BROKEN and broken >= _BROKEN_SHARE * len(lines)


def _goes_on(line: str, following: str) -> bool:
    is_long = len(line) >= _NARROWEST and not _ENDS.search(line)
    return is_long and following[:1].islower()


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The paragraphs: lines that belong together in one each, apart from each other by `\\n`.

    A line goes on with the next one if that one's first word had no more room, or if it is long
    and its sentence doesn't end. Underlines stay with their headings, and what is indented with
    the line above it.
    """
    width = sorted(map(len, lines))[len(lines) * 9 // 10]
    paragraphs = [lines[0].rstrip()]
    for before, line, after in zip(lines, lines[1:], [*lines[2:], ""], strict=False):
        is_heading = _UNDERLINE.match(after) is not None and not _UNDERLINE.match(line)
        if not is_heading and _belongs(before, line, width):
            paragraphs[-1] += "\n" + line.rstrip()
        else:
            paragraphs.append(line.rstrip())
    return paragraphs


def _belongs(before: str, line: str, width: int) -> bool:
    if _UNDERLINE.match(line):
        return not _UNDERLINE.match(before)
    if _UNDERLINE.match(before) or _BEFORE_CODE.search(before):
        return False
    if line[:1].isspace():
        return True
    if before[:1].isspace() or _BEGINS.match(line):
        return False
    was_full = len(before) + 1 + len(line.split(maxsplit=1)[0]) > width
    is_open = not _ENDS.search(before) and (line[:1].islower() or len(before) >= _NARROWEST)
    return was_full or is_open
