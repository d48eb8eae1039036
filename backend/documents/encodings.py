"""Bytes to text: which encoding a text file is in, decided for Russian above all.

Order: byte order marks, UTF-16 without one, UTF-8 (its own proof when it decodes), what the
document declares of itself, the single-byte Cyrillic codecs by how Russian they read, and
charset-normalizer for everything else.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from charset_normalizer import from_bytes

from backend.documents.russian import PLAUSIBLE_BITS, bits_per_letter


@dataclass(frozen=True)
class DecodedText:
    """`encoding` is the Python codec's usual name; `lost` counts bytes that fit no character."""

    text: str
    encoding: str
    lost: int = 0


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CYRILLIC_CODECS = ("cp1251", "koi8-r", "cp866", "iso8859-5")
_WESTERN_CODECS = ["cp1252", "cp1250", "cp1257", "cp1254"]

_BYTE_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_LONGEST_WORD = 60
_SAMPLE_WORDS = 4000
_FEW_BYTES = 600
"""Below this the library's choice between Western codecs is chance."""
_SAMPLE_BYTES = 65_536
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_MOST_CONTROL = 0.02
_MOST_LOST_IN_UTF8 = 0.02
_ORDINARY = re.compile(r"[\t\r\n -~\u00a0-\u024f\u0400-\u045f\u0490\u0491\u2010-\u2026\u2116]")


def decode_text(data: bytes, declared: str | None = None) -> DecodedText | None:
    """The text of `data`, or None if it isn't text.

    `declared` is the encoding that the document or its sender names; it wins over guessing
    where it fits. The byte order mark isn't part of the text.
    """
    marked = _decode_marked(data)
    if marked is not None:
        return marked
    utf16 = _decode_unmarked_utf16(data)
    if utf16 is not None:
        return utf16
    if _is_binary(data):
        return None
    utf8 = _decode_utf8(data)
    if utf8 is not None:
        return utf8
    return _decode_declared(data, declared) or _decode_cyrillic(data) or _decode_other(data)


def _decode_marked(data: bytes) -> DecodedText | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], encoding)
    return None


def _decode_unmarked_utf16(data: bytes) -> DecodedText | None:
    """Latin and Cyrillic letters have 0x00 or 0x04 as their high byte: it fills one parity."""
    sample = data[: _SAMPLE_BYTES & ~1]
    if len(sample) < 4:
        return None
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if sum(high.count(byte) for byte in (b"\x00", b"\x04")) < 0.7 * len(high):
            continue
        text = sample[: len(sample) & ~1].decode(encoding, "replace")
        if len(_ORDINARY.findall(text)) > 0.95 * len(text):
            return _replacing(data[: len(data) & ~1], encoding)
    return None


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE_BYTES] + data[-_SAMPLE_BYTES:]
    control = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    return control > _MOST_CONTROL * len(sample) + 4


def _decode_utf8(data: bytes) -> DecodedText | None:
    """UTF-8, also when a few of its characters are cut or damaged."""
    try:
        return DecodedText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    intact = sum(1 for character in islice(text, 2_000_000) if character > "\x7f") - lost
    return DecodedText(text, "utf-8", lost) if lost <= _MOST_LOST_IN_UTF8 * intact else None


def _decode_declared(data: bytes, declared: str | None) -> DecodedText | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
        text = data.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    if name in _CYRILLIC_CODECS and not _reads_as_russian(_high_words(data), name):
        return None
    return DecodedText(text, name)


def _decode_cyrillic(data: bytes) -> DecodedText | None:
    words = _high_words(data)
    costs = {codec: _cost(words, codec) for codec in _CYRILLIC_CODECS}
    best = min(costs, key=lambda codec: costs[codec])
    if costs[best] > PLAUSIBLE_BITS + 1:
        return None
    return _replacing(data, best)


def _decode_other(data: bytes) -> DecodedText | None:
    """Western words mix ASCII with a few high letters; anything else is left to the library."""
    words = _high_words(data).split()
    mixed = sum(1 for word in words if re.search(rb"[A-Za-z]", word))
    is_western = mixed > 0.5 * len(words)
    sample = data[: 4 * _SAMPLE_BYTES]
    if is_western and len(sample) < _FEW_BYTES:
        return _replacing(data, "cp1252")
    match = from_bytes(sample, cp_isolation=_WESTERN_CODECS if is_western else None).best()
    if match is None or (match.coherence == 0 and not is_western):
        return None
    return _replacing(data, match.encoding)


def _replacing(data: bytes, encoding: str) -> DecodedText:
    text = data.decode(encoding, "replace")
    return DecodedText(text, encoding, text.count("\ufffd"))


def _high_words(data: bytes) -> bytes:
    found = (match.group()[:_LONGEST_WORD] for match in _BYTE_WORDS.finditer(data))
    return b" ".join(islice((word for word in found if not word.isascii()), _SAMPLE_WORDS))


def _reads_as_russian(words: bytes, codec: str) -> bool:
    return _cost(words, codec) <= PLAUSIBLE_BITS + 1


def _cost(words: bytes, codec: str) -> float:
    bits = bits_per_letter(words.decode(codec, "replace"))
    return float("inf") if bits is None else bits
