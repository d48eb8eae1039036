"""Exponents and indices of a PDF line as Unicode has them: x², v₁, not x2, v1.

Only digits, with a sign: Unicode has few other letters raised. What may be a fraction stays flat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

_DIGITS = re.compile(r"[+−–-]?\d{1,3}$")
_RAISED = str.maketrans("0123456789+−–-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_LOWERED = str.maketrans("0123456789+−–-", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋")
# In sizes of what they belong to: how large they are, how far their baseline is off.
_LARGEST, _LEAST_OFF, _MOST_OFF = 0.82, 0.1, 0.55


class Placed(Protocol):
    """A run of text: `y` is its baseline's, up from the page's foot, `size` in points."""

    @property
    def text(self) -> str: ...
    @property
    def y(self) -> float: ...
    @property
    def size(self) -> float: ...


def with_scripts(parts: Sequence[Placed]) -> list[str]:
    """The texts of a line's runs, in order, their exponents and indices raised and lowered."""
    texts = [part.text for part in parts]
    offsets = _offsets(parts)
    for index, offset in enumerate(offsets):
        is_fraction = any(offset * other < 0 for other in offsets[max(0, index - 1) : index + 2])
        if offset and not is_fraction:
            digits = texts[index].strip()
            texts[index] = digits.translate(_RAISED if offset > 0 else _LOWERED)
    return texts


def _offsets(parts: Sequence[Placed]) -> list[float]:
    """How far each run that may be an exponent or an index is off its base's line; others 0."""
    offsets: list[float] = []
    base: Placed | None = None
    for part in parts:
        offset = _offset(base, part) if base is not None else 0.0
        offsets.append(offset)
        if not offset:
            base = part
    return offsets


def _offset(base: Placed, part: Placed) -> float:
    holds = base.text[-1:].isalnum() or base.text[-1:] in ")]}"
    if not holds or not base.size or not _DIGITS.match(part.text.strip()):
        return 0.0
    offset = (part.y - base.y) / base.size
    is_off = _LEAST_OFF <= abs(offset) <= _MOST_OFF
    return offset if is_off and part.size <= _LARGEST * base.size else 0.0
