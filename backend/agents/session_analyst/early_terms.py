"""Terms that are used before they are explained."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.session_analyst.session import Studied
from backend.agents.survey.terms import has_in_a_row, stems_of_term
from backend.agents.survey.topics import Term
from backend.agents.synopsis_manager.items import spans_of
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.words import content_stems
from backend.domain.analytics import EarlyTerm, Passage

# A sentence that leads to the explanation comes shortly before it.
_LEAD_WORDS = 60
# One word may be meant in its everyday sense once.
_FEWEST_USES_OF_A_WORD = 2
_MOST = 12


def early_terms(studied: Studied) -> list[EarlyTerm]:
    """In the order of their explanations; what a heading names counts as announced, not as used."""
    said = [unit for unit in studied.units if unit.kind in ("text", "item")]
    stems = [content_stems(unit.text) for unit in said]
    found: list[EarlyTerm] = []
    seen: set[tuple[str, ...]] = set()
    for term in (t for group in studied.groups for topic in group for t in topic.terms):
        wanted = stems_of_term(term.name)
        if wanted and wanted not in seen:
            seen.add(wanted)
            early = _early(term, wanted, said, stems)
            if early is not None:
                found.append(early)
    return found[:_MOST]


def _early(
    term: Term, wanted: tuple[str, ...], said: Sequence[Unit], stems: Sequence[list[str]]
) -> EarlyTerm | None:
    defined = term.units[0]
    uses = [
        unit
        for unit, found in zip(said, stems, strict=True)
        if unit.number < defined.number and has_in_a_row(found, wanted)
    ]
    if len(uses) < (_FEWEST_USES_OF_A_WORD if len(wanted) == 1 else 1):
        return None
    between = [unit for unit in said if uses[0].number < unit.number < defined.number]
    if sum(unit.words for unit in between) < _LEAD_WORDS:
        return None
    return EarlyTerm(term=term.name, used=_passage(uses[0]), defined=_passage(defined))


def _passage(unit: Unit) -> Passage:
    return Passage(text=unit.text, sources=spans_of([unit]))
