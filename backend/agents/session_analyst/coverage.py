"""How far the material and the notes carry the plan."""

from __future__ import annotations

from dataclasses import dataclass

from backend.agents.session_analyst.session import Studied, notes_on, overlap
from backend.agents.survey.terms import subject_of
from backend.agents.synopsis_manager.grounding import Claim, supports, verify
from backend.domain.analytics import Coverage, ModuleCoverage
from backend.domain.artifacts import words_of
from backend.domain.plan import Objective, PlanModule


@dataclass(frozen=True)
class Covered:
    """The coverage of one module, and those of its objectives that the material lacks."""

    report: ModuleCoverage
    missing: list[Objective]


def cover(studied: Studied) -> list[Covered]:
    """The coverage of each module; empty without a plan."""
    return [_cover(module, studied) for module in studied.plan.modules] if studied.plan else []


def _cover(module: PlanModule, studied: Studied) -> Covered:
    missing = [one for one in module.objectives if not _in_material(one, studied)]
    count = len(module.objectives)
    in_notes = sum(_in_notes(one, studied) for one in module.objectives)
    words = sum(
        unit.words
        for unit in studied.units
        if unit.kind != "heading" and any(overlap(unit.span, span) for span in module.covers)
    )
    report = ModuleCoverage(
        module_id=module.id,
        title=module.title,
        words=words,
        objectives=count,
        in_material=count - len(missing),
        in_notes=in_notes,
        coverage=_coverage(count, count - len(missing), in_notes, words, studied.has_notes),
    )
    return Covered(report, missing)


def _coverage(
    objectives: int, in_material: int, in_notes: int, words: int, has_notes: bool
) -> Coverage:
    """Without notes only the material counts; with them half of the objectives have to be there."""
    if not (in_material if objectives else words):
        return "missing"
    is_noted = not has_notes or in_notes * 2 >= objectives
    return "covered" if in_material == objectives and is_noted else "partly"


def _in_material(objective: Objective, studied: Studied) -> bool:
    if any(overlap(unit.span, s) for s in objective.sources for unit in studied.units):
        return True
    return verify(Claim(subject_of(objective.text), is_topic=True), studied.units).holds


def _in_notes(objective: Objective, studied: Studied) -> bool:
    if notes_on(studied.notes, objective.sources):
        return True
    subject = subject_of(objective.text)
    return any(supports(words_of(item), subject, is_topic=True) for item in studied.notes)
