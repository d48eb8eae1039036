"""Takes out of a text what no reader sees and what databases and parsers stumble over."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085]")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f"  # control characters
    "\ud800-\udfff"  # lone surrogates
    "\ufeff\ufffe\uffff\ufdd0-\ufdef]"  # byte order marks, noncharacters
)
# What a lost character (U+FFFD) was, as far as its neighbours tell.
_LOST_APOSTROPHE = re.compile("(?<=[^\\W\\d_])\ufffd+(?=(?:s|t|re|ve|ll|d|m)\\b)")
_LOST_DASH = re.compile("(?<=\\w)\ufffd+X?(?=[a-zа-яё])")
_LOST = re.compile("\ufffd+")
_PAGE_BREAKS = re.compile("[\u000b\u000c]+")


def clean_text(text: str) -> str:
    """`text` with line ends as `\\n`, in Unicode NFC, without NULs, control characters, lone
    surrogates and byte order marks.

    A lone surrogate pair written as two escapes becomes its character. Nothing that carries
    meaning is changed: spaces, tabs, blank lines and soft hyphens stay.
    """
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    lines = _LINE_ENDS.sub("\n", joined)
    visible = _INVISIBLE.sub("", _PAGE_BREAKS.sub("\n", lines))
    return unicodedata.normalize("NFC", visible)


def without_lost(text: str) -> str:
    """`text` without replacement characters, which some earlier program wrote for what it lost.

    In "freedom��s" an apostrophe was lost, between whole words a dash; else nothing is put there.
    """
    return _LOST.sub("", _LOST_DASH.sub(" — ", _LOST_APOSTROPHE.sub("’", text)))


def is_blank(text: str) -> bool:
    """True if nothing in `text` would leave a mark on paper."""
    return not any(character.isprintable() and not character.isspace() for character in text)
