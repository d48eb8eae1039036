"""Words, and which of them carry content."""

from __future__ import annotations

import re
from functools import cache

from stop_words import get_stop_words

from backend.domain.stemming import stem

WORD = re.compile(r"\w+(?:[-’'.]\w+)*", re.UNICODE)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")

# The published English list takes these for empty, but in a lecture they are the subject.
_CARRY_CONTENT = frozenset(
    "ai area bill case computer data effect face fire general group interest member number order "
    "point problem problems process room run second side small state states system test thread "
    "type types value work works world".split()
)
_ALSO_EMPTY = frozenset(
    "actually basically gonna wanna gotta okay yeah yep kinda lot lots stuff thing things really "
    "pretty guess mean maybe sort kind like know think just right well going let lets people "
    "это этот эта эти этого этой этом этих эту этим такой таким образом который которое которую "
    "которым например также поэтому просто очень вообще типа короче ладно давайте".split()
)


@cache
def stop_words() -> frozenset[str]:
    """English and Russian words without content: texts of one quote the other."""
    published = frozenset(get_stop_words("en")) | frozenset(get_stop_words("ru"))
    return (published - _CARRY_CONTENT) | _ALSO_EMPTY


def words(text: str) -> list[str]:
    """The words of `text` in order, as written; "don't" and "client-side" are one each."""
    return WORD.findall(text)


def count_words(text: str) -> int:
    return len(text.split())


def content_stems(text: str) -> list[str]:
    """The stems of the words that carry content, in order, in lower case."""
    empty = stop_words()
    return [
        stem(word)
        for word in (w.lower() for w in WORD.findall(text))
        if len(word) > 1 and word not in empty and not word.isdigit()
    ]


def numbers(text: str) -> set[str]:
    """The numbers of `text`, with a comma for a decimal point read as a point."""
    return {found.replace(",", ".").rstrip(".") for found in _NUMBER.findall(text)}
