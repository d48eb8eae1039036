"""Texts of our own, so that the benchmarks run anywhere."""

from __future__ import annotations

from pathlib import Path

_SAMPLE = Path(__file__).parents[1] / "tests" / "samples" / "lecture_ru.txt"
_PAGE_CHARS = 3_000


def one_page() -> str:
    """About a printed page."""
    return _SAMPLE.read_text(encoding="utf-8")[:_PAGE_CHARS]
