"""Which language a text is in, by its script.

Detectors fail on short Russian texts or weigh hundreds of megabytes; for two languages with two
scripts the share of letters decides.
"""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["ru", "en"]

_CYRILLIC = re.compile("[а-яёА-ЯЁ]+")
_LATIN = re.compile("[a-zA-Z]+")
# Russian texts on technology are full of English names and code; English ones have no Cyrillic.
_CYRILLIC_SHARE = 0.3
_SAMPLE_CHARS = 50_000


def detect_language(text: str) -> Language:
    """'ru' if a fair share of the letters is Cyrillic, else 'en'. Reads the first 50,000."""
    sample = text[:_SAMPLE_CHARS]
    cyrillic = sum(map(len, _CYRILLIC.findall(sample)))
    latin = sum(map(len, _LATIN.findall(sample)))
    return "ru" if cyrillic > _CYRILLIC_SHARE * (cyrillic + latin) else "en"
