"""Snowball stems, by the word's own script, remembered.

The stemmers of all languages are loaded with the first stem: a worker that asks a language model
needs none of their 3 MB.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import snowballstemmer

# A stemmer keeps the word at hand in itself, so each thread needs its own.
_of_thread = threading.local()


def _stemmers() -> tuple[snowballstemmer.stemmer, snowballstemmer.stemmer]:
    if not hasattr(_of_thread, "pair"):
        import snowballstemmer

        pair = (snowballstemmer.stemmer("russian"), snowballstemmer.stemmer("english"))
        _of_thread.pair = pair
    found: tuple[snowballstemmer.stemmer, snowballstemmer.stemmer] = _of_thread.pair
    return found


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case word: «лекции» and «лекциями» share theirs."""
    russian, english = _stemmers()
    is_cyrillic = any("а" <= letter <= "я" or letter == "ё" for letter in word)
    return str((russian if is_cyrillic else english).stemWord(word.replace("ё", "е")))
