"""The weights of the linear model that picks an abstract's sentences: a table to read.

Fitted by bench/eval_synopsis/tune.py on half of the reference summaries; docs/quality.md tells
what they gain. A weight is what a feature (features.py) adds to a sentence's worth, which is about
the share of its words that a person's summary would have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Genre = Literal["talk", "text", "short"]


@cache
def weights_of(genre: Genre) -> Mapping[str, float]:
    """The weights for conversations, for texts, or for texts of a page or less."""
    table = files(__package__ or "").joinpath("weights.json").read_text(encoding="utf-8")
    weights: dict[str, dict[str, float]] = json.loads(table)
    return weights[genre]


def worth(features: Mapping[str, float], genre: Genre) -> float:
    return sum(value * features[name] for name, value in weights_of(genre).items())
