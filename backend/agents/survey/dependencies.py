"""What builds on what: groups of topics that use the terms of earlier ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from backend.agents.survey.terms import stems_of_term
from backend.agents.survey.topics import Topic
from backend.agents.text.words import content_stems

# A term that comes up less often is mentioned rather than needed.
_FEWEST_USES = 3
_FEWEST_USES_OF_A_PHRASE = 2
_MOST_NEEDED = 3


def needed_by(groups: Sequence[Sequence[Topic]]) -> list[dict[int, list[str]]]:
    """For each group the earlier ones that it needs, with the terms it takes from them.

    What is needed by way of another one isn't repeated.
    """
    homes = _homes(groups)
    needed: list[dict[int, list[str]]] = []
    for place, group in enumerate(groups):
        uses = _uses(group, homes, place)
        weights = {home: sum(count for _, count in terms) for home, terms in uses.items()}
        most = sorted(weights, key=lambda home: (-weights[home], home))[:_MOST_NEEDED]
        implied = {further for home in most for further in _all_needed(needed, home)}
        needed.append(
            {home: [term for term, _ in uses[home]] for home in sorted(set(most) - implied)}
        )
    return needed


def _homes(groups: Sequence[Sequence[Topic]]) -> dict[tuple[str, ...], tuple[int, str]]:
    """Where each term is explained first, else which group has it in a title."""
    homes: dict[tuple[str, ...], tuple[int, str]] = {}
    for place, group in enumerate(groups):
        for term in (term for topic in group for term in topic.terms):
            if stems := stems_of_term(term.name):
                homes.setdefault(stems, (place, term.name))
    for place, group in enumerate(groups):
        for topic in group:
            if 1 < len(stems := stems_of_term(topic.title)) <= 3:
                homes.setdefault(stems, (place, topic.title))
    return homes


def _uses(
    group: Sequence[Topic], homes: dict[tuple[str, ...], tuple[int, str]], place: int
) -> dict[int, list[tuple[str, int]]]:
    """The terms of earlier groups that this one uses often enough, the most used first."""
    counted: Counter[tuple[str, ...]] = Counter()
    longest = max((len(stems) for stems in homes), default=1)
    for unit in (unit for topic in group for unit in topic.units if unit.kind != "code"):
        said = content_stems(unit.text)
        for size in range(1, longest + 1):
            counted.update(tuple(said[i : i + size]) for i in range(len(said) - size + 1))
    found: dict[int, list[tuple[str, int]]] = {}
    for stems, (home, name) in homes.items():
        fewest = _FEWEST_USES if len(stems) == 1 else _FEWEST_USES_OF_A_PHRASE
        if home < place and counted[stems] >= fewest:
            found.setdefault(home, []).append((name, counted[stems]))
    return {home: sorted(terms, key=lambda term: -term[1]) for home, terms in found.items()}


def _all_needed(needed: Sequence[dict[int, list[str]]], place: int) -> set[int]:
    direct = set(needed[place])
    return direct | {further for home in direct for further in _all_needed(needed, home)}
