"""A session's report as notes: what is exported and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.domain.analytics import Analytics
from backend.domain.artifacts import (
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    Synopsis,
    SynopsisItem,
    TextItem,
)

_WORDS = {
    "ru": {
        "figures": "Слов: {}. Время чтения: {} мин. Слов в предложении: {}. Сложность: {}.",
        "easy": "легко",
        "medium": "средне",
        "hard": "сложно",
        "topics": "Темы",
        "topic": "{}: {} % материала, {} мин, {}, заметок: {}",
        "plan": "Покрытие плана",
        "module": "{}: целей {}, в материале {}, в конспекте {} ({})",
        "covered": "покрыто",
        "partly": "частично",
        "missing": "нет",
        "gaps": "Пробелы",
        "contradictions": "Противоречия",
        "early": "Термины до определения",
        "used": "{}: встречается раньше определения — «{}»",
        "questions": "Вопросы для самопроверки",
    },
    "en": {
        "figures": "Words: {}. Reading time: {} min. Words per sentence: {}. Difficulty: {}.",
        "easy": "easy",
        "medium": "medium",
        "hard": "hard",
        "topics": "Topics",
        "topic": "{}: {} % of the material, {} min, {}, notes: {}",
        "plan": "Coverage of the plan",
        "module": "{}: objectives {}, in the material {}, in the notes {} ({})",
        "covered": "covered",
        "partly": "partly",
        "missing": "missing",
        "gaps": "Gaps",
        "contradictions": "Contradictions",
        "early": "Terms used before they are explained",
        "used": "{}: used before its definition: “{}”",
        "questions": "Questions to check yourself",
    },
}


def analytics_as_notes(report: Analytics) -> Synopsis:
    """A heading for each sort of finding; questions are definitions, so that they make cards."""
    words = _WORDS.get(report.language.partition("-")[0], _WORDS["en"])
    items = [
        *_figures(report, words),
        *_section(words["gaps"], list(_gaps(report))),
        *_section(words["contradictions"], list(_contradictions(report))),
        *_section(words["early"], list(_early_terms(report, words))),
        *_section(words["questions"], list(_questions(report))),
    ]
    return Synopsis(title=report.title, language=report.language, items=items)


def _section(heading: str, items: Sequence[SynopsisItem]) -> list[SynopsisItem]:
    return [HeadingItem(level=1, text=heading), *items] if items else []


def _figures(report: Analytics, words: dict[str, str]) -> Iterator[SynopsisItem]:
    figures = report.figures
    yield TextItem(
        text=words["figures"].format(
            figures.words,
            figures.reading_minutes,
            figures.words_per_sentence,
            words[figures.difficulty],
        )
    )
    topics = [
        words["topic"].format(
            topic.title,
            round(topic.share * 100),
            topic.reading_minutes,
            words[topic.difficulty],
            topic.notes,
        )
        for topic in report.topics
    ]
    modules = [
        words["module"].format(
            module.title,
            module.objectives,
            module.in_material,
            module.in_notes,
            words[module.coverage],
        )
        for module in report.plan
    ]
    for heading, lines in ((words["topics"], topics), (words["plan"], modules)):
        if lines:
            yield HeadingItem(level=1, text=heading)
            yield ListItem(items=lines)


def _gaps(report: Analytics) -> Iterator[SynopsisItem]:
    for gap in report.gaps:
        yield NoteItem(text=gap.text, sources=gap.sources, grounded=gap.grounded)


def _contradictions(report: Analytics) -> Iterator[SynopsisItem]:
    for one in report.contradictions:
        first, second = one.statements
        yield TextItem(text=one.text)
        yield ListItem(items=[first.text, second.text], sources=[*first.sources, *second.sources])


def _early_terms(report: Analytics, words: dict[str, str]) -> Iterator[SynopsisItem]:
    for term in report.early_terms:
        yield TextItem(
            text=words["used"].format(term.term, term.used.text),
            sources=[*term.used.sources, *term.defined.sources],
        )


def _questions(report: Analytics) -> Iterator[SynopsisItem]:
    for one in report.questions:
        yield DefinitionItem(
            term=one.question, text=one.answer, sources=one.sources, grounded=one.grounded
        )
