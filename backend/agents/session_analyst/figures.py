"""Counts: how long the material and its topics are, and how hard to read."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.session_analyst.session import Studied, TopicGroup, notes_on
from backend.agents.survey.grouping import title_of, words_of
from backend.agents.synopsis_manager.items import spans_of
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.readability import difficulty_of, reading_ease, reading_minutes
from backend.domain.analytics import Figures, TopicReport


def figures_of(studied: Studied, language: str) -> Figures:
    """Of all the material together."""
    said = _said(studied.units)
    words = sum(unit.words for unit in said)
    ease = _ease(said, language)
    return Figures(
        words=words,
        sentences=len(said),
        reading_minutes=max(1, round(reading_minutes(words, language))),
        words_per_sentence=round(words / max(1, len(said)), 1),
        reading_ease=ease,
        difficulty=difficulty_of(ease, language),
    )


def topic_reports(studied: Studied, language: str) -> list[TopicReport]:
    """Each topic with its share; the shares sum to one."""
    total = max(1, sum(words_of(group) for group in studied.groups))
    return [_report(group, total, studied, language) for group in studied.groups]


def _report(group: TopicGroup, total: int, studied: Studied, language: str) -> TopicReport:
    words = words_of(group)
    spans = [topic.span for topic in group]
    ease = _ease(_said([unit for topic in group for unit in topic.units]), language)
    told = next((topic for topic in group if topic.gist_units), None)
    return TopicReport(
        title=title_of(group),
        words=words,
        share=round(words / total, 4),
        reading_minutes=round(reading_minutes(words, language)),
        difficulty=difficulty_of(ease, language),
        notes=notes_on(studied.notes, spans),
        sources=spans_of(told.gist_units) if told else spans[:1],
    )


def _said(units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.kind in ("text", "item")]


def _ease(said: Sequence[Unit], language: str) -> float:
    return reading_ease(" ".join(unit.text for unit in said), len(said), language)
