"""Fits the weights: logistic regression by FTRL-proximal, which leaves few features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from backend.agents.text.boundaries import LONGEST_WORDS, Weights, features_at
from backend.agents.text.pieces import Model
from bench.boundaries.texts import Stripped

_FEWEST_TIMES = 8
_LEAST_WEIGHT = 3
_L1, _RATE, _EPOCHS, _BATCH = 5.0, 0.1, 6, 64
_FIRST_BIAS, _BIAS_RATE = -2.0, 0.05
_LENGTH_WEIGHT, _RARE = 0.6, 1e-5


def fit(texts: Sequence[Stripped]) -> Weights:
    """The weights, the same each time."""
    model = fit_model(list(rows_of(texts)), least_weight=1)
    return Weights(model.bias, model.features, _lengths(texts))


def rows_of(
    texts: Sequence[Stripped], *, with_commas: bool = False
) -> Iterator[tuple[Sequence[str], bool]]:
    """The features of each gap, and whether a sentence ends there, or any mark stands there."""
    for text in texts:
        marks = text.ends | text.commas if with_commas else text.ends
        for index in range(len(text.words) - 1):
            yield features_at(text.words, index), index in marks


def fit_model(
    rows: Sequence[tuple[Sequence[str], bool]],
    fewest_times: int = _FEWEST_TIMES,
    least_weight: int = _LEAST_WEIGHT,
) -> Model:
    """Of (features, whether it is one): features that come often, weights that count."""
    counts = Counter(feature for features, _ in rows for feature in features)
    names = sorted(name for name, count in counts.items() if count >= fewest_times)
    columns = {name: column for column, name in enumerate(names)}
    none = len(names)
    width = max(len(features) for features, _ in rows)
    seen = np.full((len(rows), width), none, dtype=np.int64)
    for row, (features, _) in enumerate(rows):
        seen[row, : len(features)] = [columns.get(one, none) for one in features]
    weights, bias = _descend(seen, np.array([float(one) for _, one in rows]), none)
    hundredths = {name: round(100 * weights[column]) for name, column in columns.items()}
    kept = {name: one for name, one in hundredths.items() if abs(one) >= least_weight}
    return Model(bias=round(100 * bias), features=kept)


def _lengths(texts: Sequence[Stripped]) -> list[int]:
    """How much likelier each length is than if sentences ended by chance, smoothed."""
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(end - before for before, end in pairwise([-1, *sorted(text.ends)]))
    chance = counts.total() / sum(length * count for length, count in counts.items())
    found = [0]
    for length in range(1, LONGEST_WORDS + 1):
        near = range(length - length // 4, length + length // 4 + 1)
        share = sum(counts[one] for one in near) / len(near) / counts.total()
        by_chance = chance * (1 - chance) ** (length - 1)
        found.append(round(100 * _LENGTH_WEIGHT * log((share + _RARE) / by_chance)))
    return found


def _descend(
    seen: NDArray[np.int64], is_end: NDArray[np.float64], none: int
) -> tuple[list[float], float]:
    """The weights of the columns but `none`, which stands for features too rare to weigh."""
    sums, squares, weights = np.zeros(none + 1), np.zeros(none + 1), np.zeros(none + 1)
    bias = _FIRST_BIAS
    random = np.random.default_rng(0)
    for _ in range(_EPOCHS):
        order = random.permutation(len(is_end))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            some = seen[batch]
            chance = 1 / (1 + np.exp(-(weights[some].sum(axis=1) + bias)))
            error = chance - is_end[batch]
            bias -= _BIAS_RATE * float(error.mean())
            columns, places = np.unique(some, return_inverse=True)
            slope = np.bincount(places.ravel(), weights=np.repeat(error, some.shape[1]))
            grown = squares[columns] + slope**2
            step = (np.sqrt(grown) - np.sqrt(squares[columns])) / _RATE
            sums[columns] += slope - step * weights[columns]
            squares[columns] = grown
            beyond = np.sign(sums[columns]) * np.maximum(np.abs(sums[columns]) - _L1, 0)
            weights[columns] = -beyond * _RATE / (1 + np.sqrt(grown))
            weights[none] = 0
    return [float(weight) for weight in weights[:none]], bias
