"""Where a term comes up, whatever its ending."""

from __future__ import annotations

import re

from backend.agents.text.words import content_stems

_QUOTED = re.compile(r"[«“](.+)[»”]")


def subject_of(text: str) -> str:
    """What an aim or a task is about: what it quotes, else all of it."""
    quoted = _QUOTED.search(text)
    return quoted[1] if quoted else text


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
