"""Whether a passage says what an item says, and which passage does."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.language import detect_language
from backend.agents.text.words import content_stems, numbers

# Notes use their own words; below this share of common stems they speak of something else.
_LEAST_SHARE = 0.6
_MOST_PASSAGES = 3


def supports(passage: str, statement: str) -> bool:
    """Whether most content words of `statement`, and all its numbers, are in `passage`.

    Between languages only numbers and names in the passage's script can be compared.
    """
    said = set(content_stems(statement))
    there = set(content_stems(passage))
    if not numbers(statement) <= numbers(passage):
        return False
    if detect_language(statement) != detect_language(passage):
        said = {stem for stem in said if detect_language(stem) == detect_language(passage)}
        return said <= there
    if not said:
        return " ".join(statement.split()).lower() in " ".join(passage.split()).lower()
    return len(said & there) >= _LEAST_SHARE * len(said)


def passages_for(statement: str, cited: Sequence[Unit], around: Sequence[Unit]) -> list[Unit]:
    """The units that say `statement`: the cited ones, else the best found in the same part.

    Empty if neither do: the statement isn't in the material.
    """
    if cited and supports(_joined(cited), statement):
        return list(cited)
    found = _closest(statement, around)
    return found if found and supports(_joined(found), statement) else []


def _joined(units: Sequence[Unit]) -> str:
    return " ".join(f"{unit.speaker} {unit.text}" for unit in units)


def _closest(statement: str, units: Sequence[Unit]) -> list[Unit]:
    """Up to three units that together share the most words with the statement, in order."""
    missing = set(content_stems(statement))
    stems = {unit.number: set(content_stems(unit.text)) for unit in units if unit.kind != "code"}
    chosen: list[int] = []
    while missing and len(chosen) < _MOST_PASSAGES:
        best = max(stems, key=lambda number: len(stems[number] & missing), default=None)
        if best is None or not stems[best] & missing:
            break
        missing -= stems.pop(best)
        chosen.append(best)
    return [unit for unit in units if unit.number in chosen]
