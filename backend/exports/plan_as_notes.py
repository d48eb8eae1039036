"""A course plan as notes: what is exported and compared."""

from __future__ import annotations

from collections.abc import Iterator

from backend.domain.artifacts import (
    DefinitionItem,
    HeadingItem,
    ListItem,
    Synopsis,
    SynopsisItem,
    TextItem,
)
from backend.domain.plan import CoursePlan, PlanModule

_WORDS = {
    "ru": {
        "goal": "Цель: {}",
        "total": "Всего: {}",
        "hours": "{} ч {} мин",
        "minutes": "{} мин",
        "time": "Время: {}",
        "needs": "Сначала: {}",
    },
    "en": {
        "goal": "Goal: {}",
        "total": "In all: {}",
        "hours": "{} h {} min",
        "minutes": "{} min",
        "time": "Time: {}",
        "needs": "First: {}",
    },
}


def plan_as_notes(plan: CoursePlan) -> Synopsis:
    """A heading for each module; its check is a definition, so that it makes a card."""
    words = _WORDS.get(plan.language.partition("-")[0], _WORDS["en"])
    titles = {module.id: module.title for module in plan.modules}
    items: list[SynopsisItem] = []
    if plan.goal:
        items.append(TextItem(text=words["goal"].format(plan.goal)))
    items.append(TextItem(text=words["total"].format(_time(plan.minutes, words))))
    for number, module in enumerate(plan.modules, start=1):
        items.append(HeadingItem(level=1, text=f"{number}. {module.title}"))
        items += _module(module, titles, words)
    return Synopsis(title=plan.title, language=plan.language, items=items)


def _module(
    module: PlanModule, titles: dict[str, str], words: dict[str, str]
) -> Iterator[SynopsisItem]:
    told = words["time"].format(_time(module.minutes, words))
    if module.prerequisites:
        needed = "; ".join(titles[needed] for needed in module.prerequisites)
        told = f"{told}. {words['needs'].format(needed)}"
    yield TextItem(text=told, sources=module.covers)
    for grounded in (True, False):
        aims = [one for one in module.objectives if one.grounded is grounded]
        if aims:
            sources = [source for one in aims for source in one.sources]
            yield ListItem(items=[one.text for one in aims], sources=sources, grounded=grounded)
    if module.check is not None:
        check = module.check
        yield DefinitionItem(
            term=check.question,
            text=check.answer,
            sources=check.sources,
            grounded=check.grounded,
        )


def _time(minutes: int, words: dict[str, str]) -> str:
    hours, rest = divmod(minutes, 60)
    return words["hours"].format(hours, rest) if hours else words["minutes"].format(rest)
