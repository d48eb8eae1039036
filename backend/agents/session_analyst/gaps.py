"""What is missing, as far as words tell: of the plan, the notes, the focus, unexplained terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from backend.agents.session_analyst.coverage import Covered
from backend.agents.session_analyst.session import Studied
from backend.agents.survey.terms import is_known_to_all, subject_of
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.words import content_stems
from backend.domain.analytics import ReportGap, TopicReport

_TEXTS = {
    "ru": {
        "plan": "В плане есть цель «{}», но в материале об этом не говорится.",
        "notes": "Тема «{}» занимает {} % материала, но в конспекте её нет.",
        "goal": "В фокусе сессии назван предмет «{}», но в материале его нет.",
        "term": "Сокращение «{}» (в тексте: {}) нигде не расшифровано.",
    },
    "en": {
        "plan": "The plan has the objective “{}”, but the material doesn't speak of it.",
        "notes": "The topic “{}” takes {} % of the material, but the notes have nothing on it.",
        "goal": "The session's focus names “{}”, but the material doesn't.",
        "term": "The abbreviation “{}” comes up {} times and is never spelled out.",
    },
}
_ABBREVIATION = re.compile(r"(?<!&)\b[A-ZА-ЯЁ][A-ZА-ЯЁ0-9]{1,4}\b(?!&)")
_PHRASE_END = re.compile(r"[,;.]|\s(?:и|and|or|или)\s")
_FEWEST_USES, _MOST_TERMS, _MOST_NOTES = 3, 5, 5
_LEAST_SHARE = 0.04


def find_gaps(
    studied: Studied, coverage: Sequence[Covered], topics: Sequence[TopicReport], language: str
) -> list[ReportGap]:
    """All gaps that can be found by words: those of the plan first."""
    texts = _TEXTS.get(language, _TEXTS["en"])
    return [
        *_of_plan(coverage, texts["plan"]),
        *_of_focus(studied, texts["goal"]),
        *_of_notes(studied, topics, texts["notes"]),
        *_of_abbreviations(studied.units, texts["term"]),
    ]


def _of_plan(coverage: Sequence[Covered], text: str) -> list[ReportGap]:
    return [
        ReportGap(kind="plan", subject=subject_of(one.text), text=text.format(one.text.rstrip(".")))
        for covered in coverage
        for one in covered.missing
    ]


def _of_focus(studied: Studied, text: str) -> list[ReportGap]:
    known = {stem for unit in studied.units for stem in content_stems(unit.text)}
    phrases = [phrase.strip() for phrase in _PHRASE_END.split(studied.focus)]
    return [
        ReportGap(kind="goal", subject=phrase, text=text.format(phrase))
        for phrase in phrases
        if content_stems(phrase) and not known & set(content_stems(phrase))
    ]


def _of_notes(studied: Studied, topics: Sequence[TopicReport], text: str) -> list[ReportGap]:
    if not studied.has_notes:
        return []
    without = [topic for topic in topics if not topic.notes and topic.share >= _LEAST_SHARE]
    return [
        ReportGap(
            kind="notes",
            subject=topic.title,
            text=text.format(topic.title, round(topic.share * 100)),
            sources=topic.sources,
        )
        for topic in sorted(without, key=lambda topic: -topic.share)[:_MOST_NOTES]
    ]


def _of_abbreviations(units: Sequence[Unit], text: str) -> list[ReportGap]:
    """Those that come up often, and never beside the words they stand for."""
    said = [unit for unit in units if unit.kind in ("text", "item") and not unit.text.isupper()]
    counts = Counter(a for unit in said for a in _ABBREVIATION.findall(unit.text))
    whole = " ".join(unit.text for unit in units)
    open_ones = [
        (found, count)
        for found, count in counts.most_common()
        if count >= _FEWEST_USES and _is_abbreviation(found) and not _is_spelled_out(found, whole)
    ]
    first = {name: next(u for u in said if name in u.text) for name, _ in open_ones}
    return [
        ReportGap(
            kind="term", subject=name, text=text.format(name, count), sources=[first[name].span]
        )
        for name, count in open_ones[:_MOST_TERMS]
    ]


def _is_abbreviation(found: str) -> bool:
    letters = sum(letter.isalpha() for letter in found)
    return letters > 1 and not is_known_to_all(found)


def _is_spelled_out(name: str, whole: str) -> bool:
    """«API (application …)», «… (API)», or what it is in so many words; a word in capitals is none
    at all."""
    if re.search(rf"\b{re.escape(name.lower())}\b", whole):
        return True
    escaped = re.escape(name)
    explained = rf"\({escaped}[),;]|\b{escaped}\s*(?:\(|[—–-]\s+это|means|stands for|is an?\b)"
    return bool(re.search(explained, whole))
