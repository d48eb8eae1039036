"""Which stretches of unpunctuated speech are surely whole sentences; the rest is cut by likelihood.

Whole is what begins well, ends well and has one sentence inside: three logistic models, whose
chances are multiplied. Fitted on punctuated texts by bench/boundaries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from backend.agents.text.boundaries import (
    Weights,
    features_at,
    likeliest_ends,
    weights_of,
)
from backend.agents.text.halves import is_half
from backend.agents.text.language import Language
from backend.agents.text.piece_features import Gaps, end_features, inside_features, start_features
from backend.agents.text.speech import fluent, punctuated

FEWEST_WORDS, LONGEST_WORDS = 5, 32
# A piece with a smaller chance is left out, unless too little would be left.
SURE = 0.58
_LEAST_SHARE, _LEAST_CHANCE = 0.03, 0.3
# Where no mark is, and where no sentence ends, is no border to look at.
_LEAST_CLAUSE_ODDS, _LEAST_SENTENCE_ODDS = -1.0, -2.0


@dataclass(frozen=True)
class Model:
    """A logistic model, in hundredths of log odds."""

    bias: int
    features: Mapping[str, int]

    def log_odds(self, features: Iterable[str]) -> float:
        return (self.bias + sum(self.features.get(one, 0) for one in features)) / 100

    def chance(self, features: Iterable[str]) -> float:
        return 1 / (1 + exp(-self.log_odds(features)))


@dataclass(frozen=True)
class PieceModels:
    """`clause`: any mark in a gap (features of boundaries.py); the others: piece_features.py."""

    clause: Model
    start: Model
    end: Model
    inside: Model


@dataclass(frozen=True)
class Piece:
    """The words `first` to `last`; `chance` that they are a whole sentence, 0 if none was found."""

    first: int
    last: int
    chance: float = 0.0
    is_whole: bool = False


@cache
def models_of(language: Language) -> PieceModels:
    """The fitted models; bench/boundaries writes them."""
    table = files(__package__ or "").joinpath(f"pieces_{language}.json")
    models = json.loads(table.read_text(encoding="utf-8"))
    return PieceModels(**{name: Model(**model) for name, model in models.items()})


def pieces_of(words: Sequence[str], language: Language) -> list[Piece]:
    """All the words in order, cut into pieces."""
    if not words:
        return []
    ends = weights_of(language)
    gaps = gaps_of(words, language, ends, models_of(language).clause)
    found = apart(candidates(gaps, models_of(language)), lambda one: reads_whole(one, words))
    whole = _sure_enough(found, len(words))
    return _with_the_rest(whole, likeliest_ends(gaps.sentence, ends))


def gaps_of(words: Sequence[str], language: Language, ends: Weights, clause: Model) -> Gaps:
    """What is known of the gaps between the words."""
    lower = [word.lower().replace("’", "'") for word in words]
    features = [features_at(lower, index) for index in range(len(lower))]
    sentence = Model(ends.bias, ends.features)
    return Gaps(
        lower,
        [sentence.log_odds(found) for found in features],
        [clause.log_odds(found) for found in features],
        language,
    )


def borders(gaps: Gaps) -> list[int]:
    """The gaps that may be a border, the text's own included."""
    last = len(gaps.words) - 1
    likely = (
        gap
        for gap in range(last)
        if gaps.clause[gap] > _LEAST_CLAUSE_ODDS or gaps.sentence[gap] > _LEAST_SENTENCE_ODDS
    )
    return [-1, *likely, last]


def spans(starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Every first word with every last word that makes a piece of readable length; both go up."""
    earliest = 0
    for first in starts:
        while earliest < len(ends) and ends[earliest] < first + FEWEST_WORDS - 1:
            earliest += 1
        for place in range(earliest, len(ends)):
            if ends[place] >= first + LONGEST_WORDS:
                break
            yield first, ends[place]


def candidates(gaps: Gaps, models: PieceModels) -> list[Piece]:
    """Every stretch with a chance worth looking at; they overlap."""
    places = borders(gaps)
    starts = _chances(models.start, {gap + 1: start_features(gaps, gap + 1) for gap in places[:-1]})
    ends = _chances(models.end, {gap: end_features(gaps, gap) for gap in places[1:]})
    found = []
    for first, last in spans(list(starts), list(ends)):
        borders_chance = starts[first] * ends[last]
        if borders_chance > _LEAST_CHANCE:
            inside = models.inside.chance(inside_features(gaps, first, last))
            found.append(Piece(first, last, borders_chance * inside))
    return [piece for piece in found if piece.chance > _LEAST_CHANCE]


def apart(
    pieces: Sequence[Piece], is_wanted: Callable[[Piece], bool] = lambda _: True
) -> list[Piece]:
    """The wanted ones, the surest first, without those that overlap a surer one."""
    taken: set[int] = set()
    chosen = []
    for piece in sorted(pieces, key=lambda one: (-one.chance, one.first)):
        words = range(piece.first, piece.last + 1)
        if taken.isdisjoint(words) and is_wanted(piece):
            taken.update(words)
            chosen.append(piece)
    return chosen


def reads_whole(piece: Piece, words: Sequence[str]) -> bool:
    """Whether nothing in its words tells a half or a second sentence."""
    return not is_half(punctuated(fluent(" ".join(words[piece.first : piece.last + 1]))))


def _chances(model: Model, features: Mapping[int, Sequence[str]]) -> dict[int, float]:
    chances = {place: model.chance(found) for place, found in features.items()}
    return {place: chance for place, chance in chances.items() if chance > _LEAST_CHANCE}


def _sure_enough(pieces: Sequence[Piece], words: int) -> list[Piece]:
    """Those that are sure; where they are few, also the surest of the rest."""
    kept, spent = [], 0
    for piece in pieces:
        if piece.chance < SURE and spent >= _LEAST_SHARE * words:
            break
        kept.append(Piece(piece.first, piece.last, piece.chance, is_whole=True))
        spent += piece.last - piece.first + 1
    return sorted(kept, key=lambda piece: piece.first)


def _with_the_rest(whole: Sequence[Piece], ends: Sequence[int]) -> list[Piece]:
    """The whole pieces, and what lies between them cut where a sentence likely ends."""
    firsts = {piece.first: piece for piece in whole}
    stops = sorted({*ends, *(piece.first - 1 for piece in whole if piece.first)})
    pieces: list[Piece] = []
    first = 0
    for stop in stops:
        if stop < first:
            continue
        while first in firsts:
            pieces.append(firsts[first])
            first = pieces[-1].last + 1
        if first <= stop:
            pieces.append(Piece(first, stop))
            first = stop + 1
    return pieces
