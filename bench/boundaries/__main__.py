"""Measures where sentences are told to end in speech without punctuation, on texts held out.

python -m bench.boundaries          # precision, recall and F1, before the model and with it
python -m bench.boundaries --fit    # fits the weights anew first, a minute or two
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
from bench.boundaries.fit import fit
from bench.boundaries.guess import guessed_ends
from bench.boundaries.texts import DATA, Stripped, stripped_texts

_LANGUAGES: tuple[Language, ...] = ("en", "ru")
_WEIGHTS = Path(boundaries.__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the weights anew first")
    is_fitted = parser.parse_args().fit
    if not DATA.is_dir():
        raise SystemExit(f"the texts are missing: there is no {DATA}")
    for language in _LANGUAGES:
        texts = stripped_texts(language)
        if is_fitted:
            _save(language, fit([text for text in texts if not text.is_held_out(language)]))
        _report(language, [text for text in texts if text.is_held_out(language)])


def _save(language: Language, weights: Weights) -> None:
    table = json.dumps(asdict(weights), ensure_ascii=False, separators=(",", ":"))
    (_WEIGHTS / f"boundaries_{language}.json").write_text(f"{table}\n", encoding="utf-8")
    weights_of.cache_clear()


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


def _figures(told: Collection[int], text: Stripped) -> tuple[float, float, float]:
    """Precision, recall and F1. The end of the text is no finding."""
    last = len(text.words) - 1
    found, true = {*told} - {last}, text.ends - {last}
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    return precision, recall, 2 * right / max(1, len(found) + len(true))


if __name__ == "__main__":
    main()
