"""Undoes text that was once read in the wrong encoding, where that is certain.

"РџСЂРёРІРµС‚" and "Ïðèâåò" are both "Привет" after one wrong reading. The way back is to encode
with the wrong codec and decode with the right one; it counts as certain when the result reads
as Russian and the text as it came didn't.
"""

from __future__ import annotations

import codecs
import re

from backend.documents.russian import PLAUSIBLE_BITS, bits_per_letter

_WRONG_AND_RIGHT = (
    ("cp1251", "utf-8"),
    ("cp1252", "utf-8"),
    ("koi8-r", "utf-8"),
    ("cp866", "utf-8"),
    ("cp1252", "cp1251"),
    ("cp1252", "koi8-r"),
    ("koi8-r", "cp1251"),
    ("cp1251", "koi8-r"),
    ("cp866", "cp1251"),
    ("cp1251", "cp866"),
)
Route = tuple[tuple[str, str], ...]
_ROUTES: tuple[Route, ...] = (
    *((step,) for step in _WRONG_AND_RIGHT),
    *((step, step) for step in _WRONG_AND_RIGHT[:2]),
)
"""Once, and for the two commonest mistakes twice in a row."""
_FEWEST_LETTERS = 8
_CLEAR_GAIN_BITS = 2.0
_MOST_LOST = 0.01
_SAMPLE_CHARACTERS = 50_000

_TRACES = re.compile(
    "[РС][\u0080-\u00bf\u0402-\u040f\u0452-\u045f\u0490\u0491\u2010-\u203a\u20ac\u2116\u2122\ufffd]"
    "|[ÐÑ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2010-\u203a\u20ac\u2122\ufffd]"
)
_QUESTION_WORDS = re.compile(r"(?<!\S)\?{3,}(?!\S)")


def repair_mojibake(text: str) -> str:
    """`text` as it was before it was read wrongly, or `text` itself if nothing is certain."""
    sample = _foreign_lines(text)
    if sum(1 for character in sample if not character.isascii()) < _FEWEST_LETTERS:
        return text
    before = bits_per_letter(sample)
    if before is None or before <= PLAUSIBLE_BITS:
        return text
    costs = {route: _cost(_undo(sample, route)) for route in _ROUTES}
    best = min(costs, key=lambda route: costs[route])
    if costs[best] > PLAUSIBLE_BITS or before - costs[best] < _CLEAR_GAIN_BITS:
        return text
    return _undo(text, best) or text


def is_garbled(text: str) -> bool:
    """True if a good part of the letters is the trace of a wrong encoding or was lost to it."""
    sample = text[:_SAMPLE_CHARACTERS]
    letters = sum(1 for character in sample if character.isalpha() or character == "\ufffd")
    foreign = sum(1 for character in sample if not character.isascii())
    lost = sample.count("\ufffd")
    traces = 2 * len(_TRACES.findall(sample))
    if foreign >= _FEWEST_LETTERS and traces > max(0.5 * foreign, 0.1 * letters):
        return True
    if lost >= _FEWEST_LETTERS and lost > 0.05 * letters:
        return True
    words = len(sample.split())
    return words >= 4 and len(_QUESTION_WORDS.findall(sample)) > 0.5 * words


def _cost(text: str | None) -> float:
    bits = bits_per_letter(text) if text else None
    return float("inf") if bits is None else bits


def _foreign_lines(text: str) -> str:
    """Whole lines, since a token's edges (quotes, dashes) may be halves of letters."""
    lines: list[str] = []
    length = 0
    for line in text.split("\n"):
        if not line.isascii():
            lines.append(line[:_SAMPLE_CHARACTERS])
            length += len(line)
            if length > _SAMPLE_CHARACTERS:
                break
    return "\n".join(lines)


def _undo(text: str, route: Route) -> str | None:
    """The way back along `route`, or None if `text` can't have come that way."""
    for wrong, right in route:
        data = _encode(text, wrong)
        if data is None:
            return None
        if right == "utf-8":
            # A no-break space that some editor turned into a space was half of the letter Р.
            data = re.sub(rb"\xd0 (?=[\xd0\xd1 ])|\xd0 $", b"\xd0\xa0", data)
        text = data.decode(right, "replace")
    return text if text.count("\ufffd") <= _MOST_LOST * len(text) else None


def _encode(text: str, wrong: str) -> bytes | None:
    """The bytes behind a wrong reading, also of those that the codec gives no character.

    cp1251 knows no 0x98: readers wrote U+FFFD or U+0098 for it. cp1252 lacks five, which
    browsers read as the control characters of the same number.
    """
    if wrong == "cp1251":
        text = text.replace("\ufffd", "\u0098")
    try:
        return text.encode(wrong, _CONTROL_AS_BYTE)
    except UnicodeEncodeError:
        return None


_CONTROL_AS_BYTE = "offstage.control_as_byte"


def _control_as_byte(error: UnicodeError) -> tuple[bytes, int]:
    if isinstance(error, UnicodeEncodeError):
        character = error.object[error.start]
        if "\u0080" <= character <= "\u00a0":
            return bytes([ord(character)]), error.start + 1
    raise error


codecs.register_error(_CONTROL_AS_BYTE, _control_as_byte)
