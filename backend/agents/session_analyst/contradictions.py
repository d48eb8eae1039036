"""Pairs of statements that may contradict each other: much the same words, and a "not" or another
number in one of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from backend.agents.session_analyst.session import Studied, own_words
from backend.agents.survey.telling import is_own_story
from backend.agents.synopsis_manager.grounding import contradicted
from backend.agents.synopsis_manager.units import Unit, orders_in
from backend.agents.text import cues
from backend.agents.text.claims import names
from backend.agents.text.words import content_stems, numbers

# What half the sentences have says nothing of a pair; and rare words find the pairs quickly.
_MOST_SPREAD = 25
_FEWEST_STEMS = 4
_LEAST_SHARE, _LIKELY_SHARE, _SAME_BUT_FOR_NUMBERS = 0.6, 0.75, 0.8
_MOST_PAIRS = 20
_CONDITION = re.compile(
    r"\b(?:if|unless|when|otherwise|если|когда|иначе|пока|кроме)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Said:
    """A statement of the material, or of the person's own notes (then without a unit)."""

    text: str
    unit: Unit | None = None


@dataclass(frozen=True)
class Pair:
    """`likely`: nearly the same words, so that it takes no judgement."""

    first: Said
    second: Said
    likely: bool


def contradicting_pairs(studied: Studied) -> list[Pair]:
    """The pairs that are most alike first."""
    orders = orders_in(studied.units)
    usable = [u for u in studied.units if u.kind in ("text", "item") and u not in orders]
    said = [Said(unit.text, unit) for unit in usable]
    said += [Said(text) for text in own_words(studied.notes)]
    said = [one for one in said if not cues.is_question(one.text) and not is_own_story(one.text)]
    stems = [frozenset(content_stems(one.text)) for one in said]
    found = []
    for (one, other), shared in _alike(stems):
        pair = _judged(said[one], said[other], stems[one], stems[other], shared)
        if pair is not None:
            found.append((shared / max(len(stems[one]), len(stems[other])), pair))
    ranked = sorted(found, key=lambda scored: (not scored[1].likely, -scored[0]))
    return [pair for _, pair in ranked[:_MOST_PAIRS]]


def _alike(stems: Sequence[frozenset[str]]) -> list[tuple[tuple[int, int], int]]:
    """Pairs that share rare words enough, with how many words they share in all."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(stems):
        for stem in found:
            places[stem].append(place)
    together: Counter[tuple[int, int]] = Counter()
    for found_in in places.values():
        if len(found_in) <= _MOST_SPREAD:
            together.update(
                (one, other) for i, one in enumerate(found_in) for other in found_in[i + 1 :]
            )
    close = [pair for pair, rare in together.items() if rare >= 2]
    shared = [(pair, len(stems[pair[0]] & stems[pair[1]])) for pair in close]
    return [(pair, count) for pair, count in shared if count >= _FEWEST_STEMS]


def _judged(
    one: Said, other: Said, stems: frozenset[str], others: frozenset[str], shared: int
) -> Pair | None:
    smaller, larger = sorted((len(stems), len(others)))
    if shared / smaller < _LEAST_SHARE or names(one.text) ^ names(other.text):
        return None
    # What holds under one condition needn't hold under another.
    is_plain = not _CONDITION.search(one.text) and not _CONDITION.search(other.text)
    if contradicted(one.text, other.text):
        likely = shared / larger >= _LIKELY_SHARE and is_plain
        return Pair(one, other, likely=likely)
    differing = differing_numbers(one.text, other.text)
    if differing and shared / larger >= _SAME_BUT_FOR_NUMBERS and is_plain:
        return Pair(one, other, likely=True)
    return None


def differing_numbers(one: str, other: str) -> tuple[str, ...]:
    """The numbers that aren't in both, if each has exactly one that the other hasn't."""
    here, there = numbers(one) - numbers(other), numbers(other) - numbers(one)
    return (*here, *there) if len(here) == len(there) == 1 else ()
