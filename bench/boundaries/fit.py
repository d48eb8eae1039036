"""Fits the weights: logistic regression by FTRL-proximal, which leaves few features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from backend.agents.text.boundaries import LONGEST_WORDS, Weights, features_at
from bench.boundaries.texts import Stripped

_FEWEST_TIMES = 8
_L1, _RATE, _EPOCHS, _BATCH = 5.0, 0.1, 6, 64
_FIRST_BIAS, _BIAS_RATE = -2.0, 0.05
_LENGTH_WEIGHT, _RARE = 0.6, 1e-5


def fit(texts: Sequence[Stripped]) -> Weights:
    """The weights, the same each time."""
    rows = [
        (features_at(text.words, index), index in text.ends)
        for text in texts
        for index in range(len(text.words) - 1)
    ]
    counts = Counter(feature for features, _ in rows for feature in features)
    names = sorted(name for name, count in counts.items() if count >= _FEWEST_TIMES)
    columns = {name: column for column, name in enumerate(names)}
    none = len(names)
    seen = np.array([[columns.get(one, none) for one in features] for features, _ in rows])
    is_end = np.array([float(end) for _, end in rows])
    weights, bias = _descend(seen, is_end, none)
    hundredths = {name: round(100 * weights[column]) for name, column in columns.items()}
    return Weights(
        bias=round(100 * bias),
        features={name: weight for name, weight in hundredths.items() if weight},
        lengths=_lengths(texts),
    )


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
