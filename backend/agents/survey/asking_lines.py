"""Questions made of the material's own sentences, so that no word in them is invented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from backend.agents.survey.drafts import QuestionDraft
from backend.agents.synopsis_manager.page import Line
from backend.agents.text import cues
from backend.agents.text.claims import names, stems_of
from backend.agents.text.definitions import definition_in
from backend.agents.text.language import Language
from backend.agents.text.words import content_stems, count_words

_SHORTEST_WORDS, _LONGEST_WORDS = 6, 38
_LONGEST_ANSWER_WORDS = 70
_FEWEST_POINTS, _MOST_POINTS, _LONGEST_POINT_WORDS = 3, 8, 22
_ODD_SIGN = re.compile(r"[{}<>\\|=;_]|\w\(|\)\.|\.\.\.|\w[*#@]|[lr]dquo")
# «…, потому что …»: what stands before is asked for its reason.
_REASON = {
    "ru": re.compile(r"(?P<fact>[^.!?;:—]{20,}?), (?:потому что|поскольку|так как|ибо) \S+"),
    "en": re.compile(r"(?P<fact>[^.!?;:—]{20,}?),? because (?!of\b)\S+"),
}
# «…, чтобы …»: after a verb that wishes, it tells no purpose.
_PURPOSE = {
    "ru": re.compile(
        r"(?P<fact>[^.,!?;:—]{20,}?)(?<!того)(?<!так)(?<!том)(?<!достаточно), чтобы \S+"
    ),
    "en": re.compile(r"(?!)"),
}
_WISHES = re.compile(r"\b(?:требу|хот|жела|прос|нужн|необходим|важн|надо|след|стрем)\w*", re.I)
_ASKS = {
    "ru": {
        "definition": "Что такое {}?",
        "reason": "Почему {}?",
        "purpose": "Зачем {}?",
        "list": "Продолжите список: «{}…»",
    },
    "en": {
        "definition": "What does “{}” mean?",
        "reason": "Why is it that {}?",
        "purpose": "{}",
        "list": "Complete the list: “{}…”",
    },
}
# A clause that leans on another one can't be asked about alone.
LEANS = re.compile(
    r"\b(?:but|however|not only|either|neither|но|однако|зато|не только|либо|если|if|when|когда|"
    r"хотя|although|though|либо|this|these|that|those|it|its|they|их|он|она|оно|они|"
    r"эт(?:о|от|а|и|их|ому|ого|им|ой)|так(?:ой|ая|ое|ие|их)|i|we|you|my|our|your|мы|вы|я|нам|нас|"
    r"вам|вас|ваш\w*|наш\w*|здесь|там|тут|here|there)\b",
    re.IGNORECASE,
)
# «Хранится в каталоге…»: who does is in the sentence before.
_VERB_FIRST = re.compile(
    r"\w+(?:ться|тся|ет|ёт|ит|ют|ат|ят|ут|л|ла|ло|ли|лся|лась|йте)\b", re.IGNORECASE
)
_OF_THE_COURSE = re.compile(
    r"\b(?:chapter|section|listing|video|lecture|course|глав[аеуы]|раздел\w*|видео|курс\w*|лекци\w+|"
    r"листинг\w*)\b",
    re.IGNORECASE,
)
_HANGING = re.compile(r"\b(?:and|or|but|и|а|но|или)$", re.IGNORECASE)
_SO = re.compile(r"^(?:so|and|but|now|well|так|и|а|но|ну|итак|же),?\s+", re.IGNORECASE)
_WORTH = {"reason": 0.3, "purpose": 0.12, "definition": 0.26, "list": 0.2, "asked": 0.24}


@dataclass(frozen=True)
class Asked:
    """A question with its worth among others; `kind` is how it was made."""

    draft: QuestionDraft
    kind: str
    worth: float
    line: int


def questions_in(
    lines: Sequence[Line], scores: dict[int, float], language: Language, is_conversation: bool
) -> list[Asked]:
    """What can be asked about the lines, in order. `scores` are the worths of lines by number."""
    known = frozenset(name for line in lines if line.kind == "text" for name in names(line.text))
    found: list[Asked] = []
    for index, line in enumerate(lines):
        made = [*_of_list(lines, index, language)]
        if not is_conversation:
            made += _of_question(lines, index)
        made += _of_statement(line, language, known)
        found += [
            Asked(draft, kind, _WORTH[kind] + scores.get(line.number, 0.0), line.number)
            for kind, draft in made[:1]
        ]
    return found


def _of_statement(
    line: Line, language: Language, known_names: frozenset[str]
) -> Iterator[tuple[str, QuestionDraft]]:
    if line.kind not in ("text", "item") or not is_plain_statement(line.text):
        return
    asks = _ASKS[language]
    definition = definition_in(line.text)
    if definition is not None and not line.speaker and is_clean_term(definition.term):
        yield (
            "definition",
            _draft(asks["definition"].format(_uncapital(definition.term, known_names)), line),
        )
    for kind, patterns in (("reason", _REASON), ("purpose", _PURPOSE)):
        match = patterns[language].match(cues.without_lead_in(line.text))
        if not match or not _stands_alone(match["fact"]):
            continue
        if kind == "reason" or not _WISHES.search(match["fact"]):
            yield kind, _draft(asks[kind].format(_uncapital(match["fact"], known_names)), line)


def _of_question(lines: Sequence[Line], index: int) -> Iterator[tuple[str, QuestionDraft]]:
    """A question that the material asks and answers itself, in a heading or in its text."""
    line = lines[index]
    if not cues.is_question(line.text) or len(content_stems(line.text)) < 2:
        return
    if count_words(line.text) < 3 or line.kind == "code" or LEANS.search(line.text):
        return
    following = [other for other in lines[index + 1 : index + 4] if other.kind != "code"]
    statements = list(takewhile(lambda other: _is_answer(line, other), following))[:2]
    shared = set(content_stems(line.text)) & {
        stem for other in statements for stem in content_stems(other.text)
    }
    words = sum(count_words(other.text) for other in statements)
    if shared and words <= _LONGEST_ANSWER_WORDS:
        yield "asked", _draft(_without_so(line.text), *statements)


def _of_list(
    lines: Sequence[Line], index: int, language: Language
) -> Iterator[tuple[str, QuestionDraft]]:
    lead = lines[index]
    if lead.kind != "text" or not cues.announces(lead.text) or _ODD_SIGN.search(lead.text):
        return
    points = list(takewhile(lambda line: line.kind == "item", lines[index + 1 :]))
    short = all(count_words(point.text) <= _LONGEST_POINT_WORDS for point in points)
    if not _FEWEST_POINTS <= len(points) <= _MOST_POINTS or not short:
        return
    said = lead.text.rstrip(": ")
    if len(content_stems(said)) < 2 or count_words(said) > 20 or cues.points_back(said):
        return
    answer = "; ".join(point.text.rstrip(" ;,.") for point in points) + "."
    cites = [lead.number, *(point.number for point in points)]
    question = _ASKS[language]["list"].format(said)
    yield "list", QuestionDraft(question=question, answer=answer, cites=cites)


def _without_so(question: str) -> str:
    rest = _SO.sub("", question)
    return rest[:1].upper() + rest[1:]


def is_clean_term(term: str) -> bool:
    """Whether a term can stand in a sentence of ours: no half of a quotation, no markup."""
    paired = all(term.count(a) == term.count(b) for a, b in ("«»", "“”", "()"))
    return paired and term.count('"') % 2 == 0 and not _ODD_SIGN.search(f"{term} ")


def _is_answer(question: Line, other: Line) -> bool:
    same_level = question.kind == "heading" or other.speaker == question.speaker
    statement = other.kind == "text" and not cues.is_question(other.text)
    return same_level and statement and not cues.announces(other.text) and len(other.text) > 20


def is_plain_statement(sentence: str) -> bool:
    """Whether it says something by itself: no question, no aside, nothing that leans on others."""
    words = count_words(sentence)
    fits = _SHORTEST_WORDS <= words <= _LONGEST_WORDS
    talks = cues.is_small_talk(sentence) or cues.is_chatter(sentence) or cues.is_question(sentence)
    if _OF_THE_COURSE.search(sentence):
        return False
    is_cut = cues.points_back(sentence) or cues.announces(sentence) or cues.is_example(sentence)
    return fits and not talks and not is_cut and not _ODD_SIGN.search(sentence)


def _stands_alone(fact: str) -> bool:
    """Whether the clause says enough to be asked about: a subject of its own, nothing pending."""
    brackets = fact.count("(") == fact.count(")") and fact.count("«") == fact.count("»")
    brackets = brackets and not _HANGING.search(fact)
    begins_well = not _VERB_FIRST.match(fact) and not LEANS.search(fact)
    return brackets and begins_well and len(content_stems(fact)) >= 3


def _draft(question: str, *lines: Line) -> QuestionDraft:
    answer = " ".join(cues.closed(line.text) for line in lines)
    return QuestionDraft(question=question, answer=answer, cites=[line.number for line in lines])


def _uncapital(text: str, known_names: frozenset[str]) -> str:
    """«Владение» within a sentence; names and abbreviations keep their capital."""
    first, _, _ = text.partition(" ")
    is_known = bool(stems_of(first) & known_names)
    is_name = (
        is_known
        or any(letter.isupper() or letter.isdigit() for letter in first[1:])
        or first == "I"
    )
    is_foreign = first.isascii() and not text.isascii()
    return text if is_name or is_foreign else text[:1].lower() + text[1:]
