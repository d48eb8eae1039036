"""How much a piece of text looks like Russian, measured letter pair by letter pair.

The single-byte Cyrillic codecs map nearly every byte to some letter, so text read with the
wrong one is still "valid": only its letters are improbable. A table of how often one letter
follows another tells the right reading from the wrong ones, even on a few words.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LETTERS = "_абвгдежзийклмнопрстуфхцчшщъыьэюя"
"""`_` stands for the border of a word."""

_SURPRISE_ROWS = (
    "f653546654f465343534587958afff6c7",
    "2f6475564964344d6544aa68668ffff65",
    "63f9c93ac5f64963f37a4f8bbb7628fb5",
    "33c9973f74f7585386476fbaa5ec48ff7",
    "54cbb45ff5f74861f4aa4fff9cfffefff",
    "5295992bc3f6584384684f87a9f965fa6",
    "2a655567695644386444ad77677ffff89",
    "437fd31af3f69937fd9f6fff8ffff8fff",
    "41646457a5f76534f68a5ffb9bf857fc5",
    "29657658575444488644d956578ffff75",
    "0fbff6fffff6775bdb45fdd986fffffff",
    "32f8fd69d3fc6f62f5864ff8fbffff8ff",
    "33b88a37d3f69c73bf595cff9fdf63f54",
    "24ad9f3fe3f877438a8b4cfaaebf59ff5",
    "43cd983ac3f7df42fa775bd78daf45f95",
    "2f534466675644496444aa89679fffb78",
    "84ffff3ff5f85f8192b85ff99bbf69fe7",
    "62977737a3f698629b764a8b97af56f85",
    "4595b74cc5f4466458626c7b7afb74f83",
    "33c4c93fb4f78a52945a5cc98dcc53e97",
    "285544646c75546f5544fb6d557fffb49",
    "62ffbf2ff2ff69b4f38646ffafff76fb9",
    "14f5cd7ff5ff5862d6796fffdafdffbff",
    "32f6ff2ff3f6fbf4ffff4fffffff3ffff",
    "43fcff2ff2f5ac48f9f25ffff7fff6fef",
    "53f9ff2ff2f44b558af75ffbfffff4fdf",
    "83ffff1ff2ffff7bf9ff5ffffffff6fff",
    "7eeeee1eeeeeeeeeeeeeeeeeeeeeeee61",
    "2f74774a7a46346f6655bf4b75afffffc",
    "1f8b895d57e4f64bdf47fcd795cffff65",
    "7fff87ffbf7567af7c90f76ff4fffffff",
    "1f4f94c8adf9977fc653fa79564ffff8f",
    "1fa685676876555f9863ff697a7ffff78",
)
"""-log2 P(letter | letter before), one hexadecimal digit each, rows and columns as `_LETTERS`.

Counted over Gogol's and Turgenev's novels and two technical books; ё is counted as е.
"""

_SURPRISE: dict[str, int] = {
    before + after: int(digit, 16)
    for before, row in zip(_LETTERS, _SURPRISE_ROWS, strict=True)
    for after, digit in zip(_LETTERS, row, strict=True)
}

_IMPOSSIBLE_BITS = 12
_OTHER_CYRILLIC_BITS = 8
_OTHER_CYRILLIC = frozenset("іїєґўѳѣѵ")
_INSIDE_WORDS = "'\u2019\u0301-\u2010\u2011\u00ad"
_EDGES = "«»„“”‘’\"'()[]{}<>.,:;!?…-–—‑*_#№§°©®™•·|/\\=+~`&%$@^ \u00a0\u00ad\ufeff"
_TOKENS = re.compile(r"\S+")
_LONGEST_TOKEN = 60
_ENOUGH_TOKENS = 4000

PLAUSIBLE_BITS = 5.6
"""Real Russian costs about 4 bits a letter; Russian in a wrong codec costs 8 and more."""


def foreign_tokens(text: str, limit: int = _ENOUGH_TOKENS) -> list[str]:
    """The first `limit` space-separated tokens that hold anything beside ASCII."""
    tokens: list[str] = []
    for match in _TOKENS.finditer(text):
        token = match.group()[:_LONGEST_TOKEN].strip(_EDGES)
        if token and not token.isascii():
            tokens.append(token)
            if len(tokens) >= limit:
                break
    return tokens


def bits_per_letter(text: str) -> float | None:
    """The mean surprise of the words that aren't ASCII, or None if there are none.

    About 4 for Russian; mixed scripts, capitals inside a word and signs between letters, the
    marks of a wrong codec, each cost as much as an impossible pair.
    """
    tokens = foreign_tokens(text)
    if not tokens:
        return None
    bits = letters = 0
    for token in tokens:
        token_bits, token_letters = _token_cost(token)
        bits += token_bits
        letters += token_letters
    return bits / max(1, letters)


@lru_cache(maxsize=8192)
def _token_cost(token: str) -> tuple[int, int]:
    bits, before, previous_is_upper = 0, "_", True
    for character in token:
        if character in _INSIDE_WORDS or character.isdigit() or character in _EDGES:
            before, previous_is_upper = "_", True
            continue
        lower = character.lower().replace("ё", "е")
        bits += _letter_cost(before, lower)
        is_upper = character != character.lower()
        if is_upper and not previous_is_upper:
            bits += _IMPOSSIBLE_BITS
        before, previous_is_upper = lower, is_upper
    bits += _SURPRISE.get(before + "_", 0) if before != "_" else 0
    return bits, len(token)


def _letter_cost(before: str, letter: str) -> int:
    known = _SURPRISE.get(before + letter)
    if known is not None:
        return known
    if letter in _OTHER_CYRILLIC or (before in _OTHER_CYRILLIC and letter in _LETTERS):
        return _OTHER_CYRILLIC_BITS
    return _IMPOSSIBLE_BITS
