"""Measures where sentences are told to end in speech without punctuation, on texts held out.

python -m bench.boundaries          # precision, recall and F1; what of the pieces is whole
python -m bench.boundaries --fit    # fits the weights anew first, ten minutes
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from backend.agents.text import boundaries
from backend.agents.text.boundaries import Weights, sentence_ends, weights_of
from backend.agents.text.language import Language
from backend.agents.text.pieces import (
    SURE,
    Piece,
    PieceModels,
    apart,
    candidates,
    gaps_of,
    models_of,
    reads_whole,
)
from bench.boundaries.fit import fit
from bench.boundaries.guess import guessed_ends
from bench.boundaries.texts import DATA, Stripped, stripped_texts
from bench.boundaries.wholes import fit_pieces, is_sentence, is_whole

_LANGUAGES: tuple[Language, ...] = ("en", "ru")
_CHANCES = (0.4, 0.5, 0.6, 0.7, 0.75)
_WEIGHTS = Path(boundaries.__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the weights anew first")
    is_fitted = parser.parse_args().fit
    if not DATA.is_dir():
        raise SystemExit(f"the texts are missing: there is no {DATA}")
    for language in _LANGUAGES:
        texts = stripped_texts(language)
        fitted_on = [text for text in texts if not text.is_held_out(language)]
        if is_fitted:
            _save(f"boundaries_{language}", fit(fitted_on))
            _save(f"pieces_{language}", fit_pieces(fitted_on, language))
            weights_of.cache_clear()
            models_of.cache_clear()
        held_out = [text for text in texts if text.is_held_out(language)]
        _report(language, held_out)
        _report_pieces(language, held_out)


def _save(name: str, weights: Weights | PieceModels) -> None:
    table = json.dumps(asdict(weights), ensure_ascii=False, separators=(",", ":"))
    (_WEIGHTS / f"{name}.json").write_text(f"{table}\n", encoding="utf-8")


def _report(language: Language, texts: list[Stripped]) -> None:
    print(f"\n{language}: {len(weights_of(language).features):,} weights\n")
    print(f"{'held out':48} {'sentences':>9}   before P/R/F1    with the model")
    sums = [0.0, 0.0]
    for text in texts:
        before = _figures(guessed_ends(text.words), text)
        now = _figures(sentence_ends(text.words, language), text)
        sums = [sums[0] + before[2], sums[1] + now[2]]
        shown = "   ".join(" ".join(f"{one:.2f}" for one in three) for three in (before, now))
        print(f"{text.name:48} {len(text.ends):9}   {shown}")
    print(f"{'mean F1':58}   {sums[0] / len(texts):14.2f}   {sums[1] / len(texts):14.2f}")


def _report_pieces(language: Language, texts: list[Stripped]) -> None:
    """How many of the pieces that notes may take are whole, by how sure they have to be."""
    print(f"\n{'pieces surer than':20} {'pieces':>7} {'words':>7} {'whole':>7} {'sentences':>10}")
    found = [(text, piece) for text in texts for piece in _pieces(text, language)]
    words = sum(len(text.words) for text in texts)
    for chance in sorted({*_CHANCES, SURE}):
        sure = [(text, piece) for text, piece in found if piece.chance > chance]
        count = max(1, len(sure))
        taken = sum(piece.last - piece.first + 1 for _, piece in sure) / words
        whole = sum(is_whole(piece, text, language) for text, piece in sure) / count
        exact = sum(is_sentence(piece, text) for text, piece in sure) / count
        print(f"{chance:<20} {len(sure):7} {taken:7.3f} {whole:7.2f} {exact:10.2f}")


def _pieces(text: Stripped, language: Language) -> list[Piece]:
    models = models_of(language)
    gaps = gaps_of(text.words, language, weights_of(language), models.clause)
    return apart(candidates(gaps, models), lambda piece: reads_whole(piece, text.words))


def _figures(told: Collection[int], text: Stripped) -> tuple[float, float, float]:
    """Precision, recall and F1. The end of the text is no finding."""
    last = len(text.words) - 1
    found, true = {*told} - {last}, text.ends - {last}
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    return precision, recall, 2 * right / max(1, len(found) + len(true))


if __name__ == "__main__":
    main()
