"""The term that a sentence defines, and what it says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.agents.text.cues import is_question
from backend.agents.text.words import stop_words

_NO_TERM = re.compile(
    r"^(?:\W*)(?:because|since|although|though|while|as|when|if|where|after|before|unlike|like|"
    r"in|on|at|for|with|by|from|to|of|but|and|or|so|such|now|then|also|however|therefore|"
    r"поскольку|хотя|пока|после|до|при|у|к|о|об|в|на|с|из|от|для|по|и|а|но|или|однако|поэтому|"
    r"below|above|note|everything|nothing|something|"
    r"this|that|these|those|it|there|here|what|which|who|he|she|they|we|you|i|one|"
    r"some|every|such|many|our|your|my|most of|another|each|both|all|most|"
    r"result|reason|problem|idea|goal|thing|point|question|"
    r"answer|example|way|only|first|second|third|next|last|rest|main|following|fact|"
    r"некоторые|многие|большинство|каждый|каждая|каждое|любой|любая|наш\w*|ваш\w*|мой|"
    r"это|этот|эта|эти|он|она|оно|они|мы|вы|я|что|кто|там|здесь|тут|всё|все|такой|такая|такое|"
    r"такие|(?:не)?плохо|хорошо|здорово|важно|интересно|странно|понятно|очевидно|логично|нормально|"
    r"возможно|трудно|сложно|просто|легко|удобно|первое|второе|третье|главное|самое|так|причина|"
    r"пример|цель|задача|идея|вопрос|ответ|"
    r"результат|проблема|итог|дело|суть|если|когда|где|как|еще|ещё|один|одна|одно)\b",
    re.IGNORECASE,
)
_DEFINES = [
    re.compile(
        r"(?P<term>[^.,:;!?—–]{2,70}?(?: \([^)]{1,50}\))?)\s+[—–-]+\s+это\s+(?P<text>.{12,})"
    ),
    re.compile(
        r"(?P<text>(?P<term>[^.,:;!?—–]{2,70}?)\s+(?:представляет|представляют) собой\s+.{12,})"
    ),
    re.compile(
        r"(?P<term>[^.,:;!?—–]{2,50}?)\s+это\s+(?P<text>(?:набор|процесс|способ|метод|вид|тип|"
        r"модель|система|механизм|функция|структура|задача|программа|язык|протокол)\w*\s.{10,})"
    ),
    re.compile(
        r"(?:(?:an?|the)\s+)?(?P<term>[\w'’()/ -]{2,50}?)\s+(?:is|are)\s+"
        r"(?P<text>(?:an?|any|the (?:process|act|name|study|set|ability|region|location|part|range)"
        r"|sets? of|a kind of|data|pieces? of)\s.{12,})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?:an?|the)\s+)?(?P<term>[\w'’()/ -]{2,50}?)\s+"
        r"(?:refers to|means|is defined as|stands for|означает|означают)\s+(?P<text>.{12,})",
        re.IGNORECASE,
    ),
]
_NAMES = re.compile(
    r"(?:(?:is|are|was) (?:called|known as|referred to as|termed)|"
    r"(?:называ(?:ется|ются|ют|ем)|именуется|известн\w+ как|носит название|получил\w* название))\s+"
    r"(?P<term>[^.,:;!?()—–]{2,50})[.,:;!)]*$",
    re.IGNORECASE,
)
# «…называется трешингом»: the term isn't in its dictionary form, and we can't bring it there.
_INSTRUMENTAL = re.compile(
    r"^[«\"]?\w+(?:ом|ем|ём|ой|ей|ью|ами|ями|ым|им|ыми|ими)\b", re.IGNORECASE
)
_LONGEST_TERM_WORDS = 5


@dataclass(frozen=True)
class Definition:
    term: str
    text: str


def definition_in(sentence: str) -> Definition | None:
    """The term that the sentence defines and what it says of it, if it defines one."""
    if is_question(sentence):
        return None
    for pattern in _DEFINES:
        match = pattern.match(sentence)
        if match and _is_term(match["term"]):
            text = match["text"]
            return Definition(_shown_term(match["term"]), text[:1].upper() + text[1:])
    named = _NAMES.search(sentence)
    is_usable = named is not None and _is_term(named["term"]) and named.start() > 20
    if named is not None and is_usable and not _INSTRUMENTAL.match(named["term"]):
        return Definition(_shown_term(named["term"]), sentence)
    return None


def _is_term(term: str) -> bool:
    """A noun phrase of at most five words: no clause, no variable, nothing that points back."""
    inner = term.strip(" \"'«»“”").split()
    if not 0 < len(inner) <= _LONGEST_TERM_WORDS or _NO_TERM.match(term):
        return False
    first, last = inner[0].lower(), inner[-1].lower()
    is_clause = len(inner) > 2 and first.endswith("ing")
    is_whole = all(term.count(a) == term.count(b) for a, b in ("()", "«»", "“”")) and len(last) > 1
    return is_whole and not is_clause and last not in stop_words() and first not in stop_words()


def _shown_term(term: str) -> str:
    term = term.strip(" \"'«»“”")
    return term[:1].upper() + term[1:]
