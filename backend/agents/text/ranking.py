"""How central each sentence is among its neighbours: TextRank (Mihalcea & Tarau, 2004).

Written here because a library brings NLTK and NumPy into every helper process: 39 MB and a third
of a second for what follows. docs/decisions/0006 has the figures.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

_DAMPING = 0.85
_CLOSE_ENOUGH = 1e-4


def centrality(stems: Sequence[Sequence[str]]) -> list[float]:
    """A score from 0 to 1 for each sentence, given as its content stems."""
    count = len(stems)
    if count == 0:
        return []
    shares = [_as_shares(row) for row in _likeness(stems)]
    ranks = [1 / count] * count
    change = math.inf
    while change > _CLOSE_ENOUGH:
        # A sentence that shares no word with any has nowhere to pass its rank on to.
        passed = [(1 - _DAMPING) / count * sum(ranks)] * count
        for rank, row in zip(ranks, shares, strict=True):
            for other, share in row.items():
                passed[other] += _DAMPING * rank * share
        change = math.dist(passed, ranks)
        ranks = passed
    highest = max(ranks)
    return [rank / highest for rank in ranks]


def _likeness(stems: Sequence[Sequence[str]]) -> list[dict[int, float]]:
    """For each sentence, by number: how many words it shares with others, for their length."""
    having: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, words in enumerate(stems):
        for word, times in Counter(words).items():
            having[word].append((number, times))
    logs = [math.log(len(words)) if words else 0.0 for words in stems]
    rows: list[dict[int, float]] = []
    for number, words in enumerate(stems):
        shared: Counter[int] = Counter()
        for word, times in Counter(words).items():
            for other, their_times in having[word]:
                shared[other] += times * their_times
        # Two sentences of one word each are as long as their logarithm says: not at all.
        rows.append({o: n / (logs[number] + logs[o] or 1.0) for o, n in shared.items()})
    return rows


def _as_shares(row: dict[int, float]) -> dict[int, float]:
    total = sum(row.values())
    return {other: likeness / total for other, likeness in row.items()}
