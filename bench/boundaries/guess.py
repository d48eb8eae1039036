"""What was done before the model, for comparison: cut where speech turns, else by length."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_WORDS = 60
_STRONG_FROM, _SUBJECT_FROM, _WEAK_FROM, _ANYWHERE_FROM = 10, 18, 30, 45
_STRONG = frozenset(
    "so but because okay well second third finally however therefore anyway yeah thank "
    "поэтому итак но потому теперь далее затем однако значит кроме во-первых во-вторых "
    "например соответственно".split()
)
_SUBJECTS = frozenset("i we they he she there it you this мы вы они он она я это там".split())
_WEAK = frozenset(
    "and or which when where if what that while also now then и а что который которая которое "
    "которые когда если где чтобы или то вот".split()
)
_NEVER_LAST = frozenset(
    "do does did doing called just really being these those some any each every both than per "
    "a an the of to in on at by for with from as can could will would should may might must is are "
    "was were be been have has had do does did my our your their his her its not very more most no "
    "в во на с со к ко у о об по из от до за над под при без не ни очень более самый этот эта эти "
    "мой наш ваш их".split()
)
_NOT_BEFORE = _STRONG | _SUBJECTS | _WEAK | _NEVER_LAST


def guessed_ends(words: Sequence[str]) -> list[int]:
    """The indices of the words that end a sentence, the last one included."""
    if len(words) <= _LONGEST_WORDS:
        return [len(words) - 1]
    ends = []
    first = 0
    for index in range(1, len(words)):
        if _turns_here(words, first, index):
            ends.append(index - 1)
            first = index
    return [*ends, len(words) - 1]


def _turns_here(words: Sequence[str], first: int, index: int) -> bool:
    length = index - first
    if length < _STRONG_FROM or len(words) - index < _STRONG_FROM // 2:
        return False
    if words[index - 1] in _NOT_BEFORE:
        return length >= 2 * _ANYWHERE_FROM
    return (
        words[index] in _STRONG
        or (length >= _SUBJECT_FROM and words[index] in _SUBJECTS)
        or (length >= _WEAK_FROM and words[index] in _WEAK)
        or length >= _ANYWHERE_FROM
    )
