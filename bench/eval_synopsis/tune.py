"""Fits the weights of the abstract's sentences on the records that aren't held out.

    python -m bench.eval_synopsis.tune > backend/agents/synopsis_manager/extraction/weights.json

Ridge regression, drawn towards what a person would guess (`_GUESS`): how much of a sentence its
reference says, by what is known of the sentence. Thirty-odd texts can't teach more than that.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from backend.agents.synopsis_manager.extraction.features import (
    Features,
    features_of_forms,
    places_of,
)
from backend.agents.synopsis_manager.extraction.short_texts import forms_of
from backend.agents.synopsis_manager.extraction.weights import Genre
from backend.agents.synopsis_manager.page import read, show
from backend.agents.synopsis_manager.units import units_of
from backend.domain.session_memory import Material
from bench.eval_synopsis.records import Record, read_records
from bench.eval_synopsis.rouge import tokens

_REFS = Path(__file__).resolve().parents[3] / "shared" / "data" / "refs"
_GENRES: dict[str, Genre] = {"meeting": "talk", "abstract_to_tldr": "short"}
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


def _examples(record: Record, genre: Genre) -> Iterator[tuple[Features, float, float]]:
    """Features, worth and weight of the sentences; of a short text, of all their forms."""
    units = units_of(Material("m", "", record.source))
    places = places_of(read(show({}, units)).lines)
    forms = [forms_of(place) if genre == "short" else [place] for place in places]
    shared = math.sqrt(sum(bool(ways) for ways in forms))
    found = features_of_forms(places, forms, opens_material=True)
    for ways, scored in zip(forms, found, strict=True):
        for form, features in zip(ways, scored, strict=True):
            yield features, _worth(record, form.line.text), 1 / len(ways) / shared


def fit(records: Iterable[Record], genre: Genre) -> dict[str, float]:
    """The weights, of which "always" is what a sentence is worth to begin with."""
    rows, worths, weights = zip(
        *(example for record in records for example in _examples(record, genre)), strict=True
    )
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    wanted, weight = np.array(worths), np.array(weights)
    spread = table.std(axis=0) + 1e-6
    scaled = (table - table.mean(axis=0)) / spread
    guess = np.array([_GUESS.get(name, 0.0) for name in names]) * spread
    usual = np.average(wanted, weights=weight)
    rest = wanted - usual - scaled @ guess
    square = (scaled * weight[:, None]).T @ scaled + _DRAW * np.eye(len(names))
    fitted = (guess + np.linalg.solve(square, (scaled * weight[:, None]).T @ rest)) / spread
    fitted[names.index("always")] = usual - table.mean(axis=0) @ fitted
    return {
        name: round(float(value), 3)
        for name, value in zip(names, fitted, strict=True)
        if abs(value) > 0.0005
    }


def main() -> None:
    by_genre: dict[Genre, list[Record]] = {"text": [], "talk": [], "short": []}
    for record in read_records(_REFS, ("en", "ru")):
        if not record.is_held_out and not record.kind.startswith("course"):
            by_genre[_GENRES.get(record.kind, "text")].append(record)
    fitted = {genre: fit(records, genre) for genre, records in by_genre.items()}
    print(json.dumps(fitted, indent=1))


if __name__ == "__main__":
    main()
