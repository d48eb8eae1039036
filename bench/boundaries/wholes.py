"""Fits and measures which pieces are whole: by the marks the text had, read as a reader would.

Whole is also a main clause between commas that can stand alone ("…, but they avoid long pauses, so
…"), and what a listener's "yeah" sets off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

from backend.agents.text.language import Language
from backend.agents.text.piece_features import (
    CONJUNCTIONS,
    INTERJECTIONS,
    SUBJECTS,
    SUBORDINATORS,
    Gaps,
    end_features,
    inside_features,
    start_features,
)
from backend.agents.text.pieces import Model, Piece, PieceModels, borders, gaps_of, spans
from bench.boundaries.fit import fit, fit_model, rows_of
from bench.boundaries.texts import Stripped

_FEWEST_TIMES = {"clause": 12, "start": 20, "end": 20, "inside": 12}
# Their marks stand where the speaker drew breath: "like a just a. True."
_BADLY_MARKED = ("meeting",)
_ASKS_FOR_MORE = frozenset(
    "that what how whether if why что чтобы как ли какой какая какие где почему".split()
)
_LIST_WORDS, _MOST_COMMAS, _LONG_WORDS = 3, 3, 24

Row = tuple[Sequence[str], bool]


def fit_pieces(texts: Sequence[Stripped], language: Language) -> PieceModels:
    """The models, the same each time.

    What the last three see of a text is told by models that were fitted on other texts.
    """
    rows: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
    for half in (0, 1):
        others = [text for text in texts if _half_of(text) != half]
        ends, clause = fit(others), _fit_clause(others)
        for text in texts:
            if _half_of(text) == half and not any(kind in text.name for kind in _BADLY_MARKED):
                _add_rows(rows, text, gaps_of(text.words, language, ends, clause))
    start, end, inside = (
        fit_model(found, _FEWEST_TIMES[name])
        for name, found in zip(("start", "end", "inside"), rows, strict=True)
    )
    return PieceModels(_fit_clause(texts), start, end, inside)


def is_whole(piece: Piece, text: Stripped, language: Language) -> bool:
    """Whether a reader of the marked text would call it whole."""
    return (
        begins_well(text, piece.first, language)
        and ends_well(text, piece.last, language)
        and has_one_inside(text, piece.first, piece.last, language)
    )


def is_sentence(piece: Piece, text: Stripped) -> bool:
    """Whether it is exactly one sentence by the marks."""
    ends = text.ends
    begins = piece.first == 0 or piece.first - 1 in ends
    return begins and piece.last in ends and ends.isdisjoint(range(piece.first, piece.last))


def begins_well(text: Stripped, first: int, language: Language) -> bool:
    """Whether a sentence or a main clause begins there."""
    if first == 0 or first - 1 in text.ends:
        return True
    one, *more = text.words[first : first + 3]
    is_main = one in SUBJECTS[language] or (
        one in CONJUNCTIONS[language] and any(word in SUBJECTS[language] for word in more)
    )
    is_set_off = first - 1 in text.commas or text.words[first - 1] in INTERJECTIONS
    return is_set_off and is_main and one not in SUBORDINATORS[language]


def ends_well(text: Stripped, last: int, language: Language) -> bool:
    """Whether a sentence or clause ends there that doesn't ask for the next one."""
    if last in text.ends:
        return True
    after = text.words[last + 1]
    if not (last in text.commas or after in INTERJECTIONS) or after in _ASKS_FOR_MORE:
        return False
    opens_clause = (
        after in INTERJECTIONS
        or after in SUBJECTS[language]
        or after in CONJUNCTIONS[language]
        or after in SUBORDINATORS[language]
    )
    in_list = any(
        place in text.ends or place in text.commas
        for place in range(last + 1, last + 1 + _LIST_WORDS)
    )
    return opens_clause or not in_list


def has_one_inside(text: Stripped, first: int, last: int, language: Language) -> bool:
    """Whether no sentence ends inside, no list is cut at its last word and no clause is alone."""
    if not text.ends.isdisjoint(range(first, last)):
        return False
    commas = [place for place in range(first, last) if place in text.commas]
    if len(commas) > _MOST_COMMAS and last - first > _LONG_WORDS:
        return False
    if last in text.ends:
        return True
    hangs = any(word in SUBORDINATORS[language] for word in text.words[first : first + 2])
    return bool(not hangs if not commas else last - commas[-1] > _LIST_WORDS)


def _half_of(text: Stripped) -> int:
    return crc32(text.name.encode()) % 2


def _fit_clause(texts: Sequence[Stripped]) -> Model:
    return fit_model(list(rows_of(texts, with_commas=True)), _FEWEST_TIMES["clause"])


def _add_rows(rows: tuple[list[Row], list[Row], list[Row]], text: Stripped, gaps: Gaps) -> None:
    places = borders(gaps)
    begins = {gap + 1: begins_well(text, gap + 1, gaps.language) for gap in places[:-1]}
    stops = {gap: ends_well(text, gap, gaps.language) for gap in places[1:]}
    rows[0].extend((start_features(gaps, first), well) for first, well in begins.items())
    rows[1].extend((end_features(gaps, last), well) for last, well in stops.items())
    rows[2].extend(_inside_rows(text, gaps, _true(begins), _true(stops)))


def _true(places: dict[int, bool]) -> list[int]:
    return [place for place, is_so in places.items() if is_so]


def _inside_rows(
    text: Stripped, gaps: Gaps, starts: Sequence[int], ends: Sequence[int]
) -> Iterator[Row]:
    for first, last in spans(starts, ends):
        well = has_one_inside(text, first, last, gaps.language)
        yield inside_features(gaps, first, last), well
