"""Which language a text is in, as far as its script and commonest words tell."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["ru", "en"]

_SAMPLE_CHARACTERS = 200_000
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_CYRILLIC = re.compile(r"[іїєґўјљњћђџѓќѕәғқңөұүһ]", re.IGNORECASE)
_RUSSIAN_ONLY = re.compile(r"[ыэё]", re.IGNORECASE)
_COMMON_ENGLISH = re.compile(
    r"the|of|and|to|a|in|is|it|that|for|on|with|as|are|this|be|was|you|i|we|they|have|not|at|by"
    r"|from|or|an|what|so|but|can|do|will|there|if|your|about"
)
_RUSSIAN_SHARE = 0.3
_FEW_WORDS = 25
_ENGLISH_SHARE = 0.15


def detect_language(text: str) -> Language | None:
    """`ru`, `en`, or None for another language or too little to tell.

    Code blocks don't count. A Russian text may hold two thirds of Latin words (terms, links).
    """
    words = _WORD.findall(_without_code(text[:_SAMPLE_CHARACTERS]))
    cyrillic = [word for word in words if "а" <= word[0].lower() <= "я" or word[0] in "ёЁ"]
    if words and len(cyrillic) >= _RUSSIAN_SHARE * len(words):
        return "ru" if _is_russian(" ".join(cyrillic)) else None
    latin = [word.lower() for word in words if word.isascii()]
    if not latin or len(latin) < 0.7 * len(words):
        return None
    common = sum(1 for word in latin if _COMMON_ENGLISH.fullmatch(word))
    if len(words) < _FEW_WORDS:
        return "en" if len(latin) == len(words) else None
    return "en" if common >= _ENGLISH_SHARE * len(words) else None


def _without_code(text: str) -> str:
    kept: list[str] = []
    in_code = False
    for line in text.split("\n"):
        if line.lstrip().startswith("```"):
            in_code = not in_code
        elif not in_code:
            kept.append(line)
    return "\n".join(kept)


def _is_russian(cyrillic: str) -> bool:
    other = len(_OTHER_CYRILLIC.findall(cyrillic))
    if other > 0.01 * len(cyrillic):
        return False
    return len(cyrillic) < 300 or len(_RUSSIAN_ONLY.findall(cyrillic)) > 0.005 * len(cyrillic)
