"""No more modules than a plan may have, whatever a model answers: light neighbours are joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from backend.agents.learning_planner.modules import Weighed
from backend.domain.plan import Objective

# As many as the model is asked for at most, and as a title stays readable with.
_MOST_OBJECTIVES, _MOST_NAMED = 4, 2


def at_most(modules: Sequence[Weighed], limit: int) -> list[Weighed]:
    """The modules, the lightest neighbours joined until there are no more than `limit`.

    What a person wrote in is joined with nothing: such modules stay, also where they alone are more
    than that.
    """
    groups = [[one] for one in modules]
    while len(groups) > limit and (place := _lightest_pair(groups)) is not None:
        groups[place : place + 2] = [groups[place] + groups[place + 1]]
    ids = {one.module.id: group[0].module.id for group in groups for one in group}
    return [_joined(group, ids) for group in groups]


def _lightest_pair(groups: Sequence[Sequence[Weighed]]) -> int | None:
    """The first of the two neighbours that weigh least together; None if no two can be joined."""
    pairs = [
        place
        for place in range(len(groups) - 1)
        if not any(one.module.own for one in (*groups[place], *groups[place + 1]))
    ]
    return min(pairs, key=lambda p: _weight(groups[p]) + _weight(groups[p + 1]), default=None)


def _weight(group: Sequence[Weighed]) -> float:
    return sum(one.weight for one in group)


def _joined(group: Sequence[Weighed], ids: Mapping[str, str]) -> Weighed:
    """The group as one module; what needed one of them needs the whole."""
    heaviest = sorted(group, key=lambda one: -one.weight)
    first = group[0].module
    needed = dict.fromkeys(ids[need] for one in group for need in one.module.prerequisites)
    module = first.model_copy(update={"prerequisites": [n for n in needed if n != first.id]})
    if len(group) > 1:
        named = [one.module.title for one in group if one in heaviest[:_MOST_NAMED]]
        module = module.model_copy(
            update={
                "title": "; ".join(dict.fromkeys(named)),
                "objectives": _objectives(heaviest),
                "covers": [span for one in group for span in one.module.covers],
                "check": next((one.module.check for one in heaviest if one.module.check), None),
            }
        )
    return Weighed(module, _weight(group))


def _objectives(heaviest: Sequence[Weighed]) -> list[Objective]:
    """In turn one of each, those of the heaviest first."""
    turns = zip_longest(*(one.module.objectives for one in heaviest))
    return [one for turn in turns for one in turn if one is not None][:_MOST_OBJECTIVES]
