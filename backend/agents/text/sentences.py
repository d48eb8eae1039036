"""Where sentences begin and end, also in speech that was written down without punctuation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from backend.agents.text.boundaries import sentence_ends
from backend.agents.text.language import Language, detect_language
from backend.agents.text.pieces import Piece, pieces_of

# A full stop after these doesn't end a sentence.
_ABBREVIATIONS = frozenset(
    "e.g i.e etc vs cf al fig eq sec ch no vol pp ed eds dr mr mrs ms prof st jr sr inc ltd co "
    "corp approx dept est resp jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m "
    "т.е т.к т.п т.н т.д т.о т.ч т е к п н д др пр см ср рис табл гл стр с г гг в вв н э тыс млн "
    "млрд руб "
    "коп им проф акад доц ул обл напр англ лат греч фр нем рус букв изд сост ред кн кв м км кг "
    "мин сек ч итд итп о св".split()
)
# Those that may well stand at the end; what follows decides ("… и т. д. Затем").
_MAY_END = frozenset(
    "etc т.п т.д п д др г гг в вв н э co inc ltd corp итд итп ч пр руб м км кг".split()
)

_BOUNDARY = re.compile(
    r"(?P<mark>[.!?…]+)(?P<close>[\"'»”’)\]*_`]*)(?P<gap>\s+)(?=(?P<next>[\"'«“‘(\[*_`—–-]*\s?\w))"
)
_LAST_TOKEN = re.compile(r"[\w.]+$")

LONGEST_WORDS = 60
# So much is divided at a time: a transcript may be one paragraph of 800,000 characters.
_WINDOW_WORDS = 4_000
_TOKEN = re.compile(r"\S+")
_WORD_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_SENTENCE_MARK = re.compile(r"[.!?…](?=\s|$)")

_Cut = Callable[[Sequence[str], Language], list[Piece]]


def is_unpunctuated(text: str) -> bool:
    """Whether a text of some length has next to no sentence marks, like a raw transcript."""
    words = text.count(" ")
    return words > LONGEST_WORDS and len(_SENTENCE_MARK.findall(text)) * LONGEST_WORDS < words


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """All of `each_sentence`."""
    return list(each_sentence(text))


def each_sentence(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence of a paragraph, outer space left out.

    Line breaks count as spaces. A stretch of more than 60 words with hardly any punctuation is
    cut where a sentence likely ends.
    """
    for start, end in marked_spans(text):
        for first, last, _ in _readable(text, start, end, _by_likelihood):
            yield first, last


def each_piece(text: str) -> Iterator[tuple[int, int, bool]]:
    """The same of a paragraph of a raw transcript: (start, end, whether it is surely whole)."""
    for start, end in marked_spans(text):
        yield from _readable(text, start, end, pieces_of)


def marked_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence by its marks alone, outer space left out."""
    spans = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if _ends_sentence(text, match):
            spans.append(_trimmed(text, start, match.end("close")))
            start = match.end()
    spans.append(_trimmed(text, start, len(text)))
    return [(start, end) for start, end in spans if start < end]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    mark, following = match["mark"], match["next"].lstrip("\"'«“‘([*_` —–-")
    first = following[:1]
    if first.islower():
        return False
    if mark != ".":
        return True
    token_match = _LAST_TOKEN.search(text, max(0, match.start() - 20), match.start())
    token = (token_match[0] if token_match else "").lower()
    is_initial = len(token) == 1 and token.isalpha() and text[match.start() - 1].isupper()
    if is_initial or (token.isdigit() and _is_line_start(text, match.start() - len(token))):
        return False
    if token in _MAY_END:
        return first.isupper() and not first.isdigit()
    return token not in _ABBREVIATIONS


def _is_line_start(text: str, position: int) -> bool:
    return position == 0 or text[:position].rstrip(" \t").endswith("\n")


def _by_likelihood(words: Sequence[str], language: Language) -> list[Piece]:
    ends = [-1, *sentence_ends(words, language)]
    return [Piece(before + 1, end) for before, end in pairwise(ends)]


def _readable(text: str, start: int, end: int, cut: _Cut) -> Iterator[tuple[int, int, bool]]:
    """The sentence itself, or its pieces if it is a breathless run of words."""
    tokens = list(_TOKEN.finditer(text, start, end))
    marks = sum(text.count(mark, start, end) for mark in ",;:—–")
    if len(tokens) <= LONGEST_WORDS or marks * 40 > len(tokens):
        yield start, end, True
        return
    language = detect_language(text[start:end])
    first = 0
    while first < len(tokens):
        window = tokens[first : first + _WINDOW_WORDS]
        pieces = cut([_WORD_EDGES.sub("", token[0]) for token in window], language)
        # The last sentence goes on beyond the window.
        if first + len(window) < len(tokens) and len(pieces) > 1:
            pieces = pieces[:-1]
        for piece in pieces:
            yield window[piece.first].start(), window[piece.last].end(), piece.is_whole
        first += pieces[-1].last + 1
