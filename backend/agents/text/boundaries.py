"""Where a sentence ends in speech written down without any punctuation.

A logistic model over the three words before a gap and the three after it, and over their endings,
which tell in Russian what kind of word it is; how long sentences are decides between likely ends.
Fitted on punctuated texts by bench/boundaries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf

from backend.agents.text.language import Language

LONGEST_WORDS = 40
# What setting an end gains in log odds: with less, sentences run on; with more, halves are cut.
_READINESS = 0.8
_LEAST_LOG_ODDS = -3.0
# In so many words an end may be set, however unlikely.
_BLOCK_WORDS = 20
_TOO_LONG = 0.5
_OUTSIDE = "^"


@dataclass(frozen=True)
class Weights:
    """All in hundredths of log odds.

    `features`: a letter for its kind, then its words. `lengths`: how much likelier than by chance
    a sentence of so many words is; the first is for none.
    """

    bias: int
    features: Mapping[str, int]
    lengths: Sequence[int]


def sentence_ends(words: Sequence[str], language: Language) -> list[int]:
    """The indices of the words that end a sentence, the last one included.

    They are the likeliest taken together: by the words around each, and by the lengths between.
    """
    if not words:
        return []
    weights = weights_of(language)
    return likeliest_ends(
        log_odds([word.lower().replace("’", "'") for word in words], weights), weights
    )


def likeliest_ends(odds: Sequence[float], weights: Weights) -> list[int]:
    """The same by the log odds of each word to end a sentence."""
    return _likeliest(odds, [length / 100 for length in weights.lengths])


@cache
def weights_of(language: Language) -> Weights:
    """The fitted weights; bench/boundaries writes them."""
    table = files(__package__ or "").joinpath(f"boundaries_{language}.json")
    return Weights(**json.loads(table.read_text(encoding="utf-8")))


def features_at(words: Sequence[str], index: int) -> tuple[str, ...]:
    """What is known of the gap after `words[index]`; words are in lower case."""
    before3, before2, before, after, after2, after3 = (
        words[place] if 0 <= place < len(words) else _OUTSIDE
        for place in range(index - 2, index + 4)
    )
    return (
        f"a{before}",
        f"b{after}",
        f"c{before2}",
        f"d{after2}",
        f"e{before2} {before}",
        f"f{after} {after2}",
        f"g{before} {after}",
        f"h{before3} {before2} {before}",
        f"i{after} {after2} {after3}",
        f"j{before[-3:]}",
        f"k{after[-3:]}",
        f"l{before[-3:]} {after[-3:]}",
        f"m{before[-2:]} {after}",
        f"n{before} {after[-2:]}",
        f"o{after[-2:]} {after2[-2:]}",
        f"p{before2[-2:]} {before[-2:]}",
    )


def log_odds(words: Sequence[str], weights: Weights) -> list[float]:
    """How likely a sentence ends after each word."""
    known = weights.features
    return [
        (weights.bias + sum(known.get(feature, 0) for feature in features_at(words, index))) / 100
        for index in range(len(words))
    ]


def _likeliest(odds: Sequence[float], lengths: Sequence[float]) -> list[int]:
    """The best of all ways to set ends, by dynamic programming over the places where one may be."""
    places = [-1, *_places(odds)]
    best = [0.0]
    came_from = [0]
    for number, end in enumerate(places[1:], 1):
        worth, before = -inf, number - 1
        for earlier in range(number - 1, -1, -1):
            length = end - places[earlier]
            if length > LONGEST_WORDS and earlier < number - 1:
                break
            if (one := best[earlier] + _of_length(length, lengths)) > worth:
                worth, before = one, earlier
        best.append(worth + odds[end] + _READINESS)
        came_from.append(before)
    ends = []
    number = len(places) - 1
    while number:
        ends.append(places[number])
        number = came_from[number]
    return ends[::-1]


def _places(odds: Sequence[float]) -> list[int]:
    """Where an end may be: where it isn't unlikely, the likeliest of each block, and the last."""
    blocks = (range(i, min(i + _BLOCK_WORDS, len(odds))) for i in range(0, len(odds), _BLOCK_WORDS))
    chosen = {max(block, key=lambda index: odds[index]) for block in blocks}
    likely = (index for index, one in enumerate(odds) if one > _LEAST_LOG_ODDS)
    return sorted({*chosen, *likely, len(odds) - 1})


def _of_length(words: int, lengths: Sequence[float]) -> float:
    longest = len(lengths) - 1
    return lengths[min(words, longest)] - _TOO_LONG * max(0, words - longest)
