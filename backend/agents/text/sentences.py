"""Where sentences begin and end, also in speech that was written down without punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend.agents.text.boundaries import sentence_ends
from backend.agents.text.language import detect_language

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
        yield from _readable(text, start, end)


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


def _readable(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence itself, or its pieces if it is a breathless run of words."""
    tokens = list(_TOKEN.finditer(text, start, end))
    marks = sum(text.count(mark, start, end) for mark in ",;:—–")
    if len(tokens) <= LONGEST_WORDS or marks * 40 > len(tokens):
        yield start, end
        return
    language = detect_language(text[start:end])
    first = 0
    while first < len(tokens):
        window = tokens[first : first + _WINDOW_WORDS]
        ends = sentence_ends([_WORD_EDGES.sub("", token[0]) for token in window], language)
        # The last sentence goes on beyond the window.
        whole = ends if first + len(window) == len(tokens) or len(ends) == 1 else ends[:-1]
        begin = 0
        for last in whole:
            yield window[begin].start(), window[last].end()
            begin = last + 1
        first += begin
