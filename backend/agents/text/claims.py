"""What in a sentence can be wrong although its words are right: names and negations."""

from __future__ import annotations

import re

from backend.agents.text.words import WORD, stop_words
from backend.domain.stemming import stem

_NEGATION = re.compile(
    r"(?:not|never|cannot|\w+n['’]t|не|нельзя|никогда|невозможно)$", re.IGNORECASE
)
_ABSENCE = re.compile(r"(?:no|without|нет|без)$", re.IGNORECASE)
# "Not only" denies nothing.
_TAKEN_BACK = frozenset("only just merely simply только просто лишь".split())
_SENTENCE_END = re.compile(r"[.!?…:]['\"»”)]*\s*$")
_ABBREVIATION = re.compile(r"[A-ZА-ЯЁ]{2,}s?$|(?=\w*\d)(?=\w*[^\W\d_])[\w-]+$")


def names(text: str) -> set[str]:
    """Stems of the names in `text`: capitals within a sentence, abbreviations, "GPT-4".

    A sentence's first word says nothing by its capital, so it is none.
    """
    found: set[str] = set()
    before = ""
    end = 0
    for match in WORD.finditer(text):
        word = match[0]
        between = text[end : match.start()]
        starts = not before or bool(_SENTENCE_END.search(before + between)) or "\n" in between
        is_capital = word[0].isupper() and not starts and word.lower() not in stop_words()
        if len(word) > 1 and (is_capital or _ABBREVIATION.match(word)):
            found.add(stem(word.lower()))
        before, end = word, match.end()
    return found


def stems_of(text: str) -> set[str]:
    """The stems of all words, those without content too."""
    return {stem(word.lower()) for word in WORD.findall(text)}


def negated(text: str, absence: bool = False) -> set[str]:
    """Stems of the content words that a negation stands before: of "isn't dropped", drop.

    With `absence` also what there is none of: of "without an owner", owner.
    """
    found: set[str] = set()
    is_open = False
    for word in map(str.lower, WORD.findall(text)):
        if _NEGATION.match(word) or (absence and _ABSENCE.match(word)):
            is_open = True
        elif word in _TAKEN_BACK:
            is_open = False
        elif is_open and len(word) > 1 and word not in stop_words():
            found.add(stem(word))
            is_open = False
    return found


def denies_anything(text: str) -> bool:
    """Whether there is a negation in it at all."""
    return any(_NEGATION.match(word) or _ABSENCE.match(word) for word in WORD.findall(text))
