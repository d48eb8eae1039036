"""Where a term comes up, whatever its ending."""

from __future__ import annotations

import re

from backend.agents.text.words import content_stems

# Abbreviations that nobody asks about.
EVERYBODY_KNOWS = frozenset(
    "OK ОК US USA UK EU TV PC AM PM PDF ПК США СССР РФ ЕС ТВ AI ИИ IT ИТ OS ОС ПО CPU GPU RAM ОЗУ "
    "API HTTP HTTPS URL HTML XML JSON SQL CSS IP USB WWW UNIX ID CO2".split()
)
_ROMAN = re.compile(r"[IVXLCM]+$")
_QUOTED = re.compile(r"[«“](.+)[»”]")

_AIM = re.compile(
    r"^\s*(?:(?:be able to|able to|learn to|know how to|уметь|научиться)\s+)?"
    r"(?:(?:analy[sz]e|apply|calculate|compare|compute|contrast|define|derive|describe|discuss|"
    r"distinguish|evaluate|explain|give|identify|know|list|name|outline|recall|recogni[sz]e|say|state|"
    r"summari[sz]e|tell|understand|use|[а-яё]{2,}(?:ть|ти|чь)(?:ся)?)\b(?:,?\s+(?:and|or|и|или)\s+|\s*,?\s*))+"
    r"(?:(?:what|how|why|when|which|что такое|что|как|почему|зачем|чем|когда)\s+)?",
    re.IGNORECASE,
)


def is_known_to_all(abbreviation: str) -> bool:
    """Whether nobody asks what it stands for; a Roman number stands for itself."""
    return abbreviation in EVERYBODY_KNOWS or bool(_ROMAN.match(abbreviation))


def subject_of(text: str) -> str:
    """What an aim or a task is about: what it quotes, else all but the verb that it begins with.

    No material says "explain" or «понять» of its own subject.
    """
    quoted = _QUOTED.search(text)
    return quoted[1] if quoted else _AIM.sub("", text) or text


def stems_of_term(term: str) -> tuple[str, ...]:
    return tuple(content_stems(term))


def mentions(text: str, term: str) -> bool:
    """Whether the term's words stand in `text` one after the other."""
    return has_in_a_row(content_stems(text), stems_of_term(term)) or (
        not stems_of_term(term) and term.lower() in text.lower()
    )


def has_in_a_row(stems: list[str], wanted: tuple[str, ...]) -> bool:
    count = len(wanted)
    if not count or count > len(stems):
        return False
    return any(tuple(stems[i : i + count]) == wanted for i in range(len(stems) - count + 1))
