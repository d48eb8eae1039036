"""The plan there is already: what a person changed in it stays when it is made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from backend.agents.learning_planner.modules import Weighed
from backend.domain.artifacts import Span
from backend.domain.plan import PLAN, CoursePlan, PlanModule
from backend.domain.session_memory import SessionMemory

# Two modules are the same one if they share this much of the smaller's material.
_SAME = 0.5


def current_of(memory: SessionMemory) -> CoursePlan | None:
    """The session's plan, without what it says of materials that are gone; None without one."""
    try:
        plan = CoursePlan.model_validate(memory.artifacts.get(PLAN.name))
    except ValidationError:
        return None
    lengths = {material.id: len(material.text) for material in memory.materials}
    modules = [_without_lost(module, lengths) for module in plan.modules]
    return plan.model_copy(update={"modules": modules})


def shown(plan: CoursePlan) -> str:
    """The plan as the prompt's `<current>` list."""
    lines = []
    for module in plan.modules:
        aims = "; ".join(objective.text for objective in module.objectives)
        own = f" (the person's own: {', '.join(module.own)})" if module.own else ""
        lines.append(f"<{module.id}> {module.title}, {module.minutes} min{own}: {aims}")
    body = "\n".join(" ".join(line.split()) for line in lines).replace("</current>", "</ current>")
    return f"\n\n<current>\n{body}\n</current>"


def keep_own(current: CoursePlan, fresh: Sequence[Weighed]) -> list[Weighed]:
    """The fresh modules with what a person wrote, in the order the person gave them.

    A module that is there already keeps its id; one that only the person has stays; one that the
    person took out doesn't come back.
    """
    wanted = [one for one in fresh if _share(one.module.covers, current.left_out) <= _SAME]
    partners = _partners(current.modules, wanted)
    ids = _ids(current.modules, wanted, partners)
    known = set(partners.values())
    kept: list[Weighed] = []
    for module in current.modules:
        place = partners.get(module.id)
        if place is not None:
            kept.append(_joined(module, wanted[place], ids))
        elif module.own:
            kept.append(Weighed(module, weight=0.0))
    for place, one in enumerate(wanted):
        if place not in known:
            renamed = one.module.model_copy(
                update={"id": ids[one.module.id], "prerequisites": _renamed(one.module, ids)}
            )
            kept.insert(_after(kept, wanted[:place], ids), replace(one, module=renamed))
    return [
        replace(one, module=_with_known_needs(one.module, kept[:n])) for n, one in enumerate(kept)
    ]


def _partners(modules: Sequence[PlanModule], fresh: Sequence[Weighed]) -> dict[str, int]:
    """The place of the fresh module that each current one became; each is one's only."""
    found: dict[str, int] = {}
    for module in modules:
        free = [place for place in range(len(fresh)) if place not in found.values()]
        best = max(free, key=lambda p: _share(module.covers, fresh[p].module.covers), default=None)
        if best is not None and _share(module.covers, fresh[best].module.covers) > _SAME:
            found[module.id] = best
    return found


def _ids(
    modules: Sequence[PlanModule], fresh: Sequence[Weighed], partners: dict[str, int]
) -> dict[str, str]:
    """The id that each fresh one gets: its partner's, else one that nobody has."""
    by_place = {place: module_id for module_id, place in partners.items()}
    taken = {module.id for module in modules}
    ids: dict[str, str] = {}
    for place, one in enumerate(fresh):
        number = len(modules) + 1
        while place not in by_place and f"m{number}" in taken:
            number += 1
        ids[one.module.id] = by_place.get(place, f"m{number}")
        taken.add(ids[one.module.id])
    return ids


def _joined(module: PlanModule, fresh: Weighed, ids: dict[str, str]) -> Weighed:
    made = fresh.module.model_copy(
        update={"id": module.id, "own": module.own, "prerequisites": _renamed(fresh.module, ids)}
    )
    own: dict[str, Any] = {name: getattr(module, name) for name in module.own}
    return replace(fresh, module=made.model_copy(update=own))


def _renamed(module: PlanModule, ids: dict[str, str]) -> list[str]:
    return [ids[needed] for needed in module.prerequisites if needed in ids]


def _after(kept: Sequence[Weighed], before: Sequence[Weighed], ids: dict[str, str]) -> int:
    """Where a new module goes: after the one that precedes it in the fresh order."""
    places = {one.module.id: place for place, one in enumerate(kept)}
    for one in reversed(before):
        if ids[one.module.id] in places:
            return places[ids[one.module.id]] + 1
    return 0


def _with_known_needs(module: PlanModule, earlier: Sequence[Weighed]) -> PlanModule:
    known = {one.module.id for one in earlier}
    needed = [one for one in module.prerequisites if one in known]
    return module.model_copy(update={"prerequisites": needed})


def _without_lost(module: PlanModule, lengths: dict[str, int]) -> PlanModule:
    def there(spans: Sequence[Span]) -> list[Span]:
        return [span for span in spans if span.end <= lengths.get(span.material_id, 0)]

    check = module.check
    return module.model_copy(
        update={
            "covers": there(module.covers),
            "objectives": [
                one.model_copy(update={"sources": there(one.sources)}) for one in module.objectives
            ],
            "check": check and check.model_copy(update={"sources": there(check.sources)}),
        }
    )


def _share(one: Sequence[Span], other: Sequence[Span]) -> float:
    """How much of the smaller of the two is in both."""
    shared = sum(_overlap(a, b) for a in one for b in other)
    smaller = min(sum(s.end - s.start for s in one), sum(s.end - s.start for s in other))
    return shared / smaller if smaller else 0.0


def _overlap(one: Span, other: Span) -> int:
    if one.material_id != other.material_id:
        return 0
    return max(0, min(one.end, other.end) - max(one.start, other.start))
