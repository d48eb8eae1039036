"""Mends what typesetting did to words: hyphenation, ligatures, letters of formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_FORMULA_LETTERS = re.compile("[\U0001d400-\U0001d7ff]")
_ARROW_OVER_LETTER = re.compile("ﬁ(?=[\U0001d400-\U0001d7ff])(.)")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_WORD_START = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LONGEST_WORD = 60
_SYLLABLE = 4
"""Shorter pieces are likelier halves of a word than words."""
_KEPT_HYPHEN = frozenset({"то", "либо", "нибудь", "таки", "ка"})


def plain_letters(text: str) -> str:
    """Ligatures spelled out, mathematical italics as plain letters.

    Some TeX fonts name the arrow over a vector "fi": before a letter of a formula it becomes
    the combining arrow.
    """
    text = _ARROW_OVER_LETTER.sub("\\1\u20d7", text).translate(_LIGATURES)
    return _FORMULA_LETTERS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


class Dehyphenator:
    """Joins words that were broken at a line's end, with the document itself as dictionary."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._compound_starts: set[str] = set()
        after_break = False
        for line in lines:
            words = [word.lower() for word in _WORDS.findall(line)]
            ends_broken = _BROKEN_WORD.search(line[-_LONGEST_WORD:]) is not None
            # Halves of broken words are no words.
            self._words.update(words[int(after_break) : len(words) - int(ends_broken)])
            self._compound_starts.update(w.partition("-")[0] for w in words if "-" in w)
            after_break = ends_broken

    def join(self, before: str, after: str) -> str:
        """`before` and `after` as one line: with a space, or as one word if it was broken."""
        broken, rest = _BROKEN_WORD.search(before[-_LONGEST_WORD:]), _WORD_START.match(after)
        if broken is None or rest is None or not rest.group()[0].islower():
            return f"{before} {after}" if before and after else before + after
        if self._keeps_hyphen(broken.group(1).lower(), rest.group().lower()):
            return before[:-1] + "-" + after
        return before[:-1] + after

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        if first + second in self._words:
            return False
        if f"{first}-{second}" in self._words or second in _KEPT_HYPHEN:
            return True
        if min(len(first), len(second)) < _SYLLABLE:
            return False
        return first in self._compound_starts or {first, second} <= self._words
