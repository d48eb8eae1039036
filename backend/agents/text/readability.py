"""How long a text takes to read, and how hard that is."""

from __future__ import annotations

import re
from typing import Literal

from backend.agents.text.words import words

Difficulty = Literal["easy", "medium", "hard"]

# Silent reading of adults: Trauzettel-Klosinski & Dietz, 2012.
_WORDS_PER_MINUTE = {"ru": 184, "en": 228}
_VOWELS = re.compile(r"[aeiouy]+|[аеёиоуыэюя]", re.IGNORECASE)
_SILENT_E = re.compile(r"[^aeiouyl]e$", re.IGNORECASE)
# Flesch's reading ease, and its Russian weights by Oborneva.
_EASE = {"en": (206.835, 1.015, 84.6), "ru": (206.835, 1.3, 60.1)}
# From where on a text is easy, and below what it is hard. Russian words are longer.
_BORDERS = {"en": (60, 40), "ru": (55, 30)}


def reading_minutes(count: int, language: str) -> float:
    """How many minutes so many words take an adult to read."""
    return count / _WORDS_PER_MINUTE.get(language, 200)


def syllables(word: str) -> int:
    """The groups of vowels, but for a silent "e"; at least one."""
    return max(1, len(_VOWELS.findall(word)) - bool(_SILENT_E.search(word)))


def reading_ease(text: str, sentences: int, language: str) -> float:
    """Flesch's figure, from 0 to 100: the higher, the easier. 100 for no words at all."""
    found = [word for word in words(text) if any(letter.isalpha() for letter in word)]
    if not found or not sentences:
        return 100.0
    base, by_length, by_syllables = _EASE.get(language, _EASE["en"])
    long = sum(map(syllables, found)) / len(found)
    ease = base - by_length * len(found) / sentences - by_syllables * long
    return round(min(100.0, max(0.0, ease)), 1)


def difficulty_of(ease: float, language: str) -> Difficulty:
    """What a reading ease means in a word."""
    easy_from, hard_below = _BORDERS.get(language, _BORDERS["en"])
    if ease >= easy_from:
        return "easy"
    return "hard" if ease < hard_below else "medium"
