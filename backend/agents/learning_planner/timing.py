"""How long a plan takes, and its modules of that."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from backend.agents.text.readability import reading_minutes
from backend.domain.plan import Level

# To learn takes longer than to read, and longer for whom it is new.
_STUDY_FACTOR: dict[Level, float] = {"beginner": 3.5, "intermediate": 2.5, "advanced": 1.8}
_ROUND_TO, _SHORTEST_PLAN = 15, 30
# In steps of five minutes people plan; with less than an hour, minute by minute.
_STEP, _STEPS_FROM = 5, 60


def usual_minutes(words: int, language: str, level: Level) -> int:
    """How long it takes to learn so many words, in quarters of an hour."""
    needed = reading_minutes(words, language) * _STUDY_FACTOR[level]
    return max(_SHORTEST_PLAN, ceil(needed / _ROUND_TO) * _ROUND_TO)


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Whole minutes that sum to `total`, by weight; each at least one (or five, in a long plan).

    A total that is too small for that grows to what the modules take at least.
    """
    if not weights:
        return []
    step = _STEP if total >= _STEPS_FROM and total >= 2 * _STEP * len(weights) else 1
    units = max(total // step, len(weights))
    spare = units - len(weights)
    whole = sum(weights)
    exact = [spare * (weight / whole if whole else 1 / len(weights)) for weight in weights]
    shares = [int(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])
    for place in order[: spare - sum(shares)]:
        shares[place] += 1
    minutes = [(share + 1) * step for share in shares]
    minutes[max(range(len(exact)), key=lambda place: exact[place])] += max(0, total - units * step)
    return minutes
