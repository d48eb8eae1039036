"""From a draft, in terms of the outline, to the modules of a plan, in terms of the material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.agents.learning_planner.drafts import ModuleDraft, ObjectiveDraft, PlanDraft
from backend.agents.learning_planner.outline import Outline
from backend.agents.survey.terms import subject_of
from backend.agents.survey.topics import Question, Topic
from backend.agents.synopsis_manager.grounding import Claim, supports, verify
from backend.agents.synopsis_manager.items import spans_of
from backend.agents.synopsis_manager.units import Unit
from backend.domain.artifacts import Span
from backend.domain.plan import ModuleCheck, Objective, PlanModule

_RETELL = {
    "ru": "Перескажите своими словами главное в теме «{}».",
    "en": "Say in your own words what matters most in “{}”.",
}


@dataclass(frozen=True)
class Weighed:
    """A module whose minutes aren't known yet, and what it weighs among the others."""

    module: PlanModule
    weight: float


def modules_of(draft: PlanDraft, outline: Outline, language: str) -> list[Weighed]:
    """The modules, each with one minute so far. A topic belongs to the first that names it.

    A module without a topic that there is goes; what the others need of it, they don't need.
    """
    taken: set[int] = set()
    kept: list[tuple[int, ModuleDraft, list[Topic]]] = []
    for place, module in enumerate(draft.modules, 1):
        numbers = [
            n for n in dict.fromkeys(module.topics) if n in outline.topics and n not in taken
        ]
        taken.update(numbers)
        if numbers:
            kept.append((place, module, [outline.topics[n] for n in sorted(numbers)]))
    ids = {place: f"m{number}" for number, (place, _, _) in enumerate(kept, 1)}
    return [
        Weighed(
            PlanModule(
                id=ids[place],
                title=module.title.strip(),
                objectives=[_objective(one, topics, outline) for one in module.objectives],
                prerequisites=[
                    ids[needed]
                    for needed in sorted(set(module.needs))
                    if needed < place and needed in ids
                ],
                minutes=1,
                covers=_covered(topics),
                check=_check(module, topics, outline, language),
            ),
            weight=module.weight * max(1, sum(topic.words for topic in topics)),
        )
        for place, module, topics in kept
    ]


def _objective(draft: ObjectiveDraft, topics: Sequence[Topic], outline: Outline) -> Objective:
    """What it quotes, or else all of it, has to be said in the cited sentences or the module's."""
    subject = subject_of(draft.text)
    cited = [unit for number in draft.cites for unit in outline.units.get(number, ())]
    said = " ".join(unit.text for unit in cited)
    titles = [outline.topics[n].title for n in draft.cites if n in outline.topics]
    asked = [outline.questions[n].question for n in draft.cites if n in outline.questions]
    if cited and (subject in (*titles, *asked) or supports(said, subject, is_topic=True)):
        return Objective(text=draft.text.strip(), sources=spans_of(_distinct(cited)))
    own = [unit for topic in topics for unit in topic.units]
    found = verify(Claim(subject, is_topic=True), own)
    sources = spans_of(found.passages)
    return Objective(text=draft.text.strip(), sources=sources, grounded=bool(sources))


def _check(
    draft: ModuleDraft, topics: Sequence[Topic], outline: Outline, language: str
) -> ModuleCheck | None:
    """The chosen question, else another that the topics answer, else to retell the gist."""
    own = [question for topic in topics for question in topic.questions]
    chosen = outline.questions.get(draft.check or 0)
    question: Question | None = chosen if chosen in own else next(iter(own), None)
    if question is not None:
        return ModuleCheck(
            question=question.question, answer=question.answer, sources=question.sources
        )
    told = max((t for t in topics if t.gist), key=lambda topic: topic.words, default=None)
    if told is None:
        return None
    retell = _RETELL.get(language, _RETELL["en"]).format(told.title)
    return ModuleCheck(question=retell, answer=told.gist, sources=spans_of(told.gist_units))


def _covered(topics: Sequence[Topic]) -> list[Span]:
    """The topics' places; neighbours are one."""
    spans: list[Span] = []
    last: Unit | None = None
    for topic in topics:
        follows = last is not None and topic.units[0].number == last.number + 1
        if follows and spans[-1].material_id == topic.material_id:
            spans[-1] = spans[-1].model_copy(update={"end": topic.span.end})
        else:
            spans.append(topic.span)
        last = topic.units[-1]
    return spans


def _distinct(units: Sequence[Unit]) -> list[Unit]:
    return sorted(dict.fromkeys(units), key=lambda unit: unit.number)
