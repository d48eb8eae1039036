"""The sentence that opens the notes on a conversation: who spoke, of what, in which order.

    Ann, Bob and Eve discussed the garden: first seeds; then the fence; finally the costs.

Every name and term in it is the conversation's own; only the words between them are ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from backend.agents.synopsis_manager.extraction.subjects import Subject, Subjects
from backend.agents.synopsis_manager.notes import DraftItem
from backend.agents.synopsis_manager.page import Line
from backend.agents.text.claims import negated
from backend.agents.text.language import Language, detect_language
from backend.agents.text.words import content_stems, count_words

# Stretches, and subjects for each: the first that has room is taken.
_SHAPES = ((3, 3), (3, 2), (3, 1))
_FEWEST_SUBJECTS = 3
# What is read in a minute needs no account of its course.
_FEWEST_WORDS = 200
_LARGEST_SHARE = 0.5
_MOST_SPEAKERS = 5
# So many sources a summary's item keeps.
_MOST_CITED = 12
_ORDER = {"en": ("first", "then", "finally"), "ru": ("сначала", "затем", "под конец")}


def opening_of(lines: Sequence[Line], max_words: int) -> DraftItem | None:
    """The opening, in at most half of `max_words`; None if there is no room or little to tell.

    It cites the lines that have its names and terms.
    """
    said = [line for line in lines if line.speaker and line.kind != "heading"]
    speakers = _speakers_of(said)
    words = sum(count_words(line.text) for line in said)
    if len(speakers) < 2 or words < _FEWEST_WORDS:
        return None
    subjects = Subjects(said, speakers)
    main = subjects.main()
    language = detect_language(" ".join(line.text for line in said))
    for stretches, each in _SHAPES:
        course = subjects.of_stretches(stretches, each, main)
        named = [subject for told in course for subject in told]
        text = _sentence(speakers, main, course, language)
        if len(named) < _FEWEST_SUBJECTS or count_words(text) > max_words * _LARGEST_SHARE:
            continue
        cites = _cited(said, speakers, [*named, *([main] if main is not None else [])])
        if cites:
            return DraftItem(kind="note", text=text, cites=cites)
    return None


def _speakers_of(lines: Sequence[Line]) -> list[str]:
    """Who speaks, in the order of their first words; of many, those who say most."""
    spoken: Counter[str] = Counter()
    for line in lines:
        spoken[line.speaker] += count_words(line.text)
    most = {speaker for speaker, _ in spoken.most_common(_MOST_SPEAKERS)}
    return [speaker for speaker in spoken if speaker in most]


def _sentence(
    speakers: Sequence[str],
    main: Subject | None,
    course: Sequence[Sequence[Subject]],
    language: Language,
) -> str:
    first, then, finally_ = _ORDER[language]
    order = [first, *[then] * (len(course) - 2), finally_] if len(course) > 1 else [""]
    told = "; ".join(
        f"{when} {_listed([subject.text for subject in one], language)}".strip()
        for when, one in zip(order, course, strict=False)
    )
    between = "; " if language == "ru" else ": "
    about = between.join([main.text, told]) if main is not None else told
    who = _listed(speakers, language)
    return f"Говорят {who}. Темы: {about}." if language == "ru" else f"{who} discussed {about}."


def _listed(names: Sequence[str], language: Language) -> str:
    *others, last = names
    conjunction = "и" if language == "ru" else "and"
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def _cited(
    lines: Sequence[Line], speakers: Sequence[str], subjects: Sequence[Subject]
) -> list[int]:
    """The fewest lines that have all the names and terms; none if too many would be needed.

    A line that denies a term ("no buttons") is no source for it.
    """
    terms = {stem for subject in subjects for stem in subject.key}
    told = terms | set(content_stems(" ".join(speakers)))
    has: dict[int, set[str | tuple[str, ...]]] = {}
    for line in lines:
        stems = set(content_stems(line.text))
        if not negated(line.text, absence=True) & told:
            terms_here = {subject.key for subject in subjects if stems >= set(subject.key)}
            has[line.number] = {line.speaker, *terms_here}
    missing: set[str | tuple[str, ...]] = {*speakers, *(subject.key for subject in subjects)}
    cites: list[int] = []
    while missing and has and len(cites) < _MOST_CITED:
        best = max(has, key=lambda number: len(has[number] & missing))
        missing -= has.pop(best)
        cites.append(best)
    return [] if missing else sorted(cites)
