"""Leaves out what only repeats the session's own material, under whatever name. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from backend.agents.text.words import words

# So many words in a row come by chance once in a while, most of a passage's don't.
_WORDS_IN_A_ROW = 6
_LEAST_SHARE = 0.7

Found = TypeVar("Found")
_Run = tuple[str, ...]


def without_copies(
    found: Sequence[Found], text_of: Callable[[Found], str], own: Sequence[str]
) -> list[Found]:
    """Those of `found` whose text the `own` texts don't have, word by word.

    Line breaks, punctuation and capitals make no difference. What has no text is kept.
    """
    runs = [_runs(text_of(one)) for one in found]
    looked_for = set().union(*runs)
    lengths = {len(run) for run in looked_for}
    known = {
        run for text in own for n in lengths for run in _in_a_row(text, n) if run in looked_for
    }
    return [one for one, its in zip(found, runs, strict=True) if not _is_copy(its, known)]


def _is_copy(runs: set[_Run], known: set[_Run]) -> bool:
    return bool(runs) and len(runs & known) >= _LEAST_SHARE * len(runs)


def _runs(text: str) -> set[_Run]:
    """All there are; of a shorter text the one that it is."""
    return set(_in_a_row(text, min(_WORDS_IN_A_ROW, len(words(text)))))


def _in_a_row(text: str, length: int) -> Iterator[_Run]:
    said = [word.lower() for word in words(text)]
    for start in range(len(said) - length + 1 if length else 0):
        yield tuple(said[start : start + length])
