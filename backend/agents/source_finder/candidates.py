"""What may be missing, as far as that shows without understanding: from the person's own words, the
plan, the report and the notes, else from the material. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from backend.agents.source_finder.terms import unexplained_terms
from backend.agents.source_finder.wording import say
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.words import content_stems
from backend.domain.analytics import ANALYTICS, Analytics
from backend.domain.artifacts import (
    SYNOPSIS,
    DefinitionItem,
    HeadingItem,
    Span,
    Synopsis,
    SynopsisItem,
    TextItem,
)
from backend.domain.plan import PLAN, CoursePlan
from backend.domain.sources import GapOrigin

MOST = 24
_MOST_DEFERRED, _MOST_TERMS, _MOST_TOPICS = 6, 10, 3
_LONGEST_TOPIC_WORDS = 8
_DEFERRED = re.compile(
    r"\b(?:beyond (?:the|our) scope|out(?:side)? (?:of )?(?:the|our) scope|not covered here|"
    r"we (?:won['’]t|will not|do not|don['’]t) (?:cover|discuss|go into|consider)|"
    r"left as an exercise|for (?:more )?details,? see|is a topic for another|"
    r"выход\w+ за рамки|не (?:будем|станем) (?:рассматривать|разбирать|обсуждать|останавливаться)|"
    r"не рассматрива\w+|остав\w+ за скобками|подробнее (?:об этом|см|смотри)|"
    r"(?:изучите|разберите|прочитайте) самостоятельно)",
    re.IGNORECASE,
)
Content = TypeVar("Content", bound=BaseModel)


@dataclass(frozen=True)
class Candidate:
    """A possible gap; `sources` is where it shows."""

    topic: str
    why: str
    origin: GapOrigin
    sources: tuple[Span, ...] = ()


def candidates(
    topics: Sequence[str],
    artifacts: Mapping[str, Any],
    units: Sequence[Unit],
    language: str,
) -> list[Candidate]:
    """Possible gaps, likeliest first; what was asked for always. Never empty for a material."""
    known = [Candidate(topic, say("asked", language), "asked") for topic in topics]
    known += _of_plan(artifacts, language)
    known += _of_report(artifacts)
    known += _of_notes(artifacts, language)
    known += _deferred(units, language)
    known += _terms(units, language)
    found = _without_repeats(known)[:MOST]
    return found or _main_topics(units, language)


def _of_plan(artifacts: Mapping[str, Any], language: str) -> Iterator[Candidate]:
    plan = _read(artifacts, PLAN.name, CoursePlan)
    for module in plan.modules if plan else ():
        if not module.covers:
            yield Candidate(module.title, say("plan", language), "plan")
        else:
            for objective in module.objectives:
                if not objective.grounded:
                    yield Candidate(_topic(objective.text), say("plan", language), "plan")


def _of_report(artifacts: Mapping[str, Any]) -> Iterator[Candidate]:
    report = _read(artifacts, ANALYTICS.name, Analytics)
    for gap in report.gaps if report else ():
        yield Candidate(gap.subject, gap.text, "analytics", tuple(gap.sources))


def _of_notes(artifacts: Mapping[str, Any], language: str) -> Iterator[Candidate]:
    notes = _read(artifacts, SYNOPSIS.name, Synopsis)
    for item in notes.items if notes else ():
        if not item.grounded and not isinstance(item, HeadingItem):
            topic = _subject(item)
            if topic:
                yield Candidate(topic, say("notes", language), "notes")


def _subject(item: SynopsisItem) -> str:
    if isinstance(item, DefinitionItem):
        return item.term
    return _topic(item.text) if isinstance(item, TextItem) else ""


def _read(artifacts: Mapping[str, Any], kind: str, model: type[Content]) -> Content | None:
    """The artifact, if there is one that this version can read."""
    try:
        return model.model_validate(artifacts[kind]) if kind in artifacts else None
    except ValidationError:
        return None


def _deferred(units: Sequence[Unit], language: str) -> Iterator[Candidate]:
    found = [unit for unit in units if unit.kind != "code" and _DEFERRED.search(unit.text)]
    for unit in found[:_MOST_DEFERRED]:
        topic = _topic(_DEFERRED.sub(" ", unit.text))
        if topic:
            yield Candidate(topic, say("deferred", language), "material", (unit.span,))


def _terms(units: Sequence[Unit], language: str) -> Iterator[Candidate]:
    for term in unexplained_terms(units)[:_MOST_TERMS]:
        why = say("term", language, count=term.count)
        yield Candidate(term.text, why, "material", (term.first.span,))


def _main_topics(units: Sequence[Unit], language: str) -> list[Candidate]:
    counts = Counter(stem for unit in units for stem in set(content_stems(unit.text)))
    headings = [unit for unit in units if unit.kind == "heading"]
    rated = sorted(
        headings or units,
        key=lambda unit: -sum(counts[stem] for stem in set(content_stems(unit.text))),
    )
    topics = [(unit.text if headings else _topic(unit.text), unit) for unit in rated]
    return [
        Candidate(topic, say("topic", language), "material", (unit.span,))
        for topic, unit in topics
        if topic
    ][:_MOST_TOPICS]


def _topic(text: str) -> str:
    """The words of a sentence that carry content, as they stand there."""
    kept = [word.strip(".,:;!?()«»“”\"'") for word in text.split() if content_stems(word)]
    return " ".join(filter(None, kept[:_LONGEST_TOPIC_WORDS]))


def _without_repeats(found: Iterable[Candidate]) -> list[Candidate]:
    kept: dict[frozenset[str], Candidate] = {}
    for one in found:
        stems = frozenset(content_stems(one.topic))
        if one.origin == "asked" or (stems and not any(stems <= other for other in kept)):
            kept.setdefault(stems or frozenset({one.topic}), one)
    return list(kept.values())
