"""How `offline:extractive` makes a plan: by the outline's own headings, terms and questions."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.learning_planner.drafts import ModuleDraft, ObjectiveDraft, PlanDraft
from backend.agents.learning_planner.outline import SeenTopic, read_outline
from backend.agents.skills import OfflineRequest, offline_skill
from backend.agents.survey.grouping import group, title_of
from backend.agents.survey.telling import tells_something
from backend.agents.synopsis_manager.page import read
from backend.agents.text.cues import is_question
from backend.agents.text.words import content_stems, count_words
from backend.domain.plan import Level

_MOST_OBJECTIVES = 4
_LONGEST_POINT_WORDS = 26
_FOCUS_WEIGHT = 1.6
_TOPIC: dict[str, dict[Level, str]] = {
    "ru": {
        "beginner": "Разобраться в теме «{}»",
        "intermediate": "Объяснить своими словами тему «{}»",
        "advanced": "Применить на практике то, что сказано в теме «{}»",
    },
    "en": {
        "beginner": "Get to know “{}”",
        "intermediate": "Explain “{}” in your own words",
        "advanced": "Put “{}” into practice",
    },
}
_TERM = {"ru": "Объяснить, что такое «{}»", "en": "Explain what “{}” means"}
_POINT = {"ru": "Пояснить мысль «{}»", "en": "Explain the point that “{}”"}
_ANSWER = {"ru": "Ответить на вопрос «{}»", "en": "Answer the question “{}”"}


@offline_skill(PlanDraft)
def plan_modules(request: OfflineRequest) -> PlanDraft:
    """Modules along the material's headings; the objectives name its topics, terms, questions."""
    page = read(request.prompt)
    topics = read_outline(page.lines)
    language = page.headers.get("Write in", "en")
    level: Level = next(
        (one for one in _TOPIC["en"] if one == page.headers.get("Level")), "beginner"
    )
    wished = " ".join(page.headers.get(name, "") for name in ("Goal", "Focus"))
    groups = group(topics, int(page.headers.get("Modules at most", "8")))
    places = {topic.number: place for place, found in enumerate(groups, 1) for topic in found}
    return PlanDraft(
        modules=[
            _module(
                found, places, wished=set(content_stems(wished)), level=level, language=language
            )
            for found in groups
        ]
    )


def _module(
    topics: Sequence[SeenTopic],
    places: dict[int, int],
    *,
    wished: set[str],
    level: Level,
    language: str,
) -> ModuleDraft:
    here = places[topics[0].number]
    needed = {places[number] for topic in topics for number in topic.builds_on if number in places}
    said = " ".join([*(t.title for t in topics), *(name for t in topics for _, name in t.terms)])
    check = next((number for topic in topics for number, _ in topic.questions), None)
    return ModuleDraft(
        title=title_of(topics),
        topics=[topic.number for topic in topics],
        objectives=_objectives(topics, check, level, language),
        needs=sorted(place for place in needed if place < here),
        weight=_FOCUS_WEIGHT if wished & set(content_stems(said)) else 1.0,
        check=check,
    )


def _objectives(
    topics: Sequence[SeenTopic], check: int | None, level: Level, language: str
) -> list[ObjectiveDraft]:
    """Of each sort some: the terms, the largest topics, what they say, what they answer."""
    terms = [(number, _TERM[language].format(name)) for t in topics for number, name in t.terms]
    largest = sorted(topics, key=lambda topic: -topic.words)
    headed = [(topic.number, _named(topic.title, level, language)) for topic in largest]
    said = [(*topic.says, language) for topic in largest if topic.says and _is_point(topic.says[1])]
    pointed = [(number, _POINT[lang].format(text.rstrip("."))) for number, text, lang in said]
    defined = [set(content_stems(name)) for topic in topics for _, name in topic.terms]
    asked = [
        (number, _ANSWER[language].format(question))
        for topic in topics
        for number, question in topic.questions
        if number != check and not any(stems <= set(content_stems(question)) for stems in defined)
    ]
    chosen = [*terms[:2], *headed[:1], *pointed[:1], *asked, *pointed[1:], *headed[1:], *terms[2:]]
    return [
        ObjectiveDraft(text=text, cites=[number])
        for number, text in sorted(chosen[:_MOST_OBJECTIVES])
    ]


def _named(title: str, level: Level, language: str) -> str:
    form = _ANSWER[language] if is_question(title) else _TOPIC[language][level]
    return form.format(title)


def _is_point(text: str) -> bool:
    return count_words(text) <= _LONGEST_POINT_WORDS and tells_something(text)
