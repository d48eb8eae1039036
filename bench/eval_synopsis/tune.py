"""Fits the weights of the abstract's sentences on the records that aren't held out.

    python -m bench.eval_synopsis.tune > backend/agents/synopsis_manager/extraction/weights.json

Ridge regression, drawn towards what a person would guess (`_GUESS`): how much of a sentence its
reference says, by what is known of the sentence. Thirty-odd texts can't teach more than that.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

from backend.agents.synopsis_manager.extraction.features import features_of, places_of
from backend.agents.synopsis_manager.page import read, show
from backend.agents.synopsis_manager.units import units_of
from backend.domain.session_memory import Material
from bench.eval_synopsis.records import Record, read_records
from bench.eval_synopsis.rouge import tokens

_REFS = Path(__file__).resolve().parents[3] / "shared" / "data" / "refs"
_GENRES = {"meeting": "talk", "abstract_to_tldr": "short"}
_DRAW = 30.0
_BIGRAM_SHARE, _SHORT_SENTENCE_WORDS = 0.5, 3
_GUESS = {
    "tells_purpose": 0.08, "in_first_section": 0.04, "among_first_3": 0.03, "among_first_6": 0.03,
    "opens_section": 0.04, "opens_paragraph": 0.01, "centrality": 0.1, "share_of_headings": 0.03,
    "title_words": 0.015, "points_back": -0.03, "announces": -0.02, "is_question": -0.03,
    "code_signs": -0.06, "has_digits": -0.01, "is_short": -0.03, "is_long": -0.01,
    "is_chatter": -0.03, "is_example": -0.03, "in_appendix": -0.1, "is_list_item": -0.01,
}  # fmt: skip


def _worth(record: Record, text: str) -> float:
    """The share of the sentence's words, and of its pairs of words, that a reference has."""
    found = tokens(text)
    pairs = list(pairwise(found))
    return max(
        (
            (Counter(found) & counts).total()
            + _BIGRAM_SHARE * sum(pair in set(pairwise(words)) for pair in pairs)
        )
        / (len(found) + _SHORT_SENTENCE_WORDS)
        for words, counts in zip(record.reference_tokens, record.reference_counts, strict=True)
    )


def _examples(record: Record) -> tuple[list[dict[str, float]], list[float]]:
    units = units_of(Material("m", "", record.source))
    places = places_of(read(show({}, units)).lines)
    return (
        features_of(places, opens_material=True),
        [_worth(record, place.line.text) for place in places],
    )


def fit(records: Iterable[Record]) -> dict[str, float]:
    rows, worths, weights = [], [], []
    names: list[str] = []
    for record in records:
        found, worth = _examples(record)
        names = names or list(found[0])
        rows += [[one[name] for name in names] for one in found]
        worths += worth
        weights += [1 / math.sqrt(len(found))] * len(found)
    table, wanted, weight = np.array(rows), np.array(worths), np.array(weights)
    spread = table.std(axis=0) + 1e-6
    scaled = (table - table.mean(axis=0)) / spread
    guess = np.array([_GUESS.get(name, 0.0) for name in names]) * spread
    rest = wanted - wanted.mean() - scaled @ guess
    square = (scaled * weight[:, None]).T @ scaled + _DRAW * np.eye(len(names))
    found_weights = guess + np.linalg.solve(square, (scaled * weight[:, None]).T @ rest)
    return {
        name: round(float(value), 3)
        for name, value in zip(names, found_weights / spread, strict=True)
        if abs(value) > 0.0005
    }


def main() -> None:
    by_genre: dict[str, list[Record]] = {"text": [], "talk": [], "short": []}
    for record in read_records(_REFS, ("en", "ru")):
        if not record.is_held_out and not record.kind.startswith("course"):
            by_genre[_GENRES.get(record.kind, "text")].append(record)
    fitted = {genre: fit(records) for genre, records in by_genre.items()}
    print(json.dumps(fitted, indent=1))


if __name__ == "__main__":
    main()
