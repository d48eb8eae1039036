"""Whether a difference over a handful of texts is more than luck."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

_DRAWS = 10_000


@dataclass(frozen=True)
class Difference:
    """The mean difference with its 95 % interval over paired draws of the texts."""

    mean: float
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        return self.low > 0 or self.high < 0


def paired(ours: Sequence[float], theirs: Sequence[float]) -> Difference:
    """Ours minus theirs, text by text. The draws are the same every time."""
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    dice = random.Random(20)
    means = sorted(mean(dice.choices(differences, k=len(differences))) for _ in range(_DRAWS))
    return Difference(mean(differences), means[int(0.025 * _DRAWS)], means[int(0.975 * _DRAWS) - 1])
