"""How `offline:extractive` surveys a part: by its headings, definitions and own questions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.agents.skills import OfflineRequest, offline_skill
from backend.agents.survey.asking_lines import LEANS, Asked, is_clean_term, questions_in
from backend.agents.survey.drafts import PartSurvey, QuestionDraft, TermDraft, TopicDraft
from backend.agents.survey.telling import tells_something
from backend.agents.synopsis_manager.extraction.choosing import whole_only
from backend.agents.synopsis_manager.extraction.scoring import Scored, score
from backend.agents.synopsis_manager.extraction.sections import Section, sections_of
from backend.agents.synopsis_manager.page import Line, read
from backend.agents.text import cues
from backend.agents.text.definitions import definition_in
from backend.agents.text.language import detect_language
from backend.agents.text.speech import breaks_off
from backend.agents.text.words import content_stems

_MOST_QUESTIONS, _MOST_OF_A_KIND = 6, 3
_MOST_TERMS = 8
_LONGEST_TOPIC_WORDS = 800
_PERSONAL = re.compile(r"\b(?:I|I'm|my|me|я|мне|меня|мой|моя|моё)\b", re.IGNORECASE)
_BEST_GIST_WORDS = 32


@offline_skill(PartSurvey)
def survey_part(request: OfflineRequest) -> PartSurvey:
    """Topics with the words of their headings; where there are none, with what they speak of."""
    page = read(request.prompt)
    sections = sections_of(page.lines, _LONGEST_TOPIC_WORDS)
    scored = whole_only(score(sections, page.headers.get("Title", "")))
    is_conversation = page.headers.get("Kind") == "conversation"
    language = detect_language(" ".join(line.text for line in page.lines if line.kind != "code"))
    by_number = {one.line.number: one.score for one in scored}
    asked = questions_in(page.lines, by_number, language, is_conversation)
    ranges = _ranges(sections)
    topics = [
        _topic(section, ranges[place], [s for s in scored if s.section == place], is_conversation)
        for place, section in enumerate(sections)
        if place in ranges
    ]
    return PartSurvey(topics=topics, questions=_best(asked, topics))


def _ranges(sections: Sequence[Section]) -> dict[int, tuple[int, int]]:
    """First and last number of each section, its heading included where it is a line."""
    found: dict[int, tuple[int, int]] = {}
    for place, section in enumerate(sections):
        numbers = [line.number for line in section.lines]
        heading = [n for n in section.cites if not numbers or n == numbers[0] - 1]
        if numbers or heading:
            found[place] = (min([*heading, *numbers]), max([*heading, *numbers]))
    return found


def _topic(
    section: Section, numbers: tuple[int, int], scored: Sequence[Scored], is_conversation: bool
) -> TopicDraft:
    best = max(
        _gists(section, scored), key=lambda one: _gist_worth(one, is_conversation), default=None
    )
    terms = [] if is_conversation else _terms([one.line for one in scored])
    return TopicDraft(
        title=section.heading,
        first=numbers[0],
        last=numbers[1],
        level=min(4, section.level),
        gist=cues.closed(cues.without_lead_in(best.line.text)) if best else "",
        cites=[best.line.number] if best else [],
        terms=terms[:_MOST_TERMS],
    )


def _gists(section: Section, scored: Sequence[Scored]) -> list[Scored]:
    """What can stand for the section: below a heading that we made what speaks of that, else what
    tells anything, else what is whole."""
    telling = [one for one in scored if tells_something(one.line.text)]
    named = set(content_stems(section.heading)) if section.setting else set()
    topical = [one for one in telling if named & one.stems]
    return topical or telling or [one for one in scored if _is_whole(one.line)]


def _is_whole(line: Line) -> bool:
    return not cues.is_question(line.text) and not (line.speaker and breaks_off(line.text))


def _gist_worth(scored: Scored, is_conversation: bool) -> float:
    text = scored.line.text
    is_personal = bool((LEANS if is_conversation else _PERSONAL).search(text))
    shy = cues.points_back(text) or cues.announces(text) or cues.is_small_talk(text)
    is_item = scored.line.kind == "item"
    return (
        scored.score
        - 0.3 * shy
        - 0.3 * is_personal
        - 0.2 * is_item
        - max(0, scored.words - _BEST_GIST_WORDS) / 60
    )


def _terms(lines: Sequence[Line]) -> list[TermDraft]:
    found: dict[str, TermDraft] = {}
    for line in lines:
        definition = definition_in(line.text) if line.kind in ("text", "item") else None
        usable = definition is not None and is_clean_term(definition.term)
        if definition is not None and usable and not cues.points_back(line.text):
            term = TermDraft(term=definition.term, cites=[line.number])
            found.setdefault(definition.term.lower(), term)
    return list(found.values())


def _best(asked: Sequence[Asked], topics: Sequence[TopicDraft]) -> list[QuestionDraft]:
    """The best few in order: of each kind some, and no topic takes them all."""
    kinds: dict[str, int] = {}
    places: dict[int, int] = {}
    chosen: list[Asked] = []
    for one in sorted(asked, key=lambda one: -one.worth):
        place = next((i for i, t in enumerate(topics) if t.first <= one.line <= t.last), -1)
        if kinds.get(one.kind, 0) < _MOST_OF_A_KIND and places.get(place, 0) < _MOST_OF_A_KIND:
            kinds[one.kind] = kinds.get(one.kind, 0) + 1
            places[place] = places.get(place, 0) + 1
            chosen.append(one)
    return [one.draft for one in sorted(chosen[:_MOST_QUESTIONS], key=lambda one: one.line)]
