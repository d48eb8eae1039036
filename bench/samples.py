"""Texts for the benchmarks: some of our own, so that they run anywhere, and real lectures beside
the checkout where those are."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_OURS = _ROOT / "tests" / "samples"
_BESIDE = _ROOT.parent / "shared" / "data"
_LECTURES = (
    "ru/itmo_opersys_2025_05_20.md",
    "en/ami_meeting_ES2004a.txt",
    "ru/freebsd_explaining-bsd.md",
    "en/rust_book_ch16_concurrency.md",
    "ru/hf_video_talks_ru_2.txt",
)
_LANGUAGES = {"ru": "lecture_ru.txt", "en": "lecture_en.md"}
_PAGE_CHARS = 3_000
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def one_page() -> str:
    """About a printed page."""
    return (_OURS / "lecture_ru.txt").read_text(encoding="utf-8")[:_PAGE_CHARS]


def lectures() -> list[tuple[str, str]]:
    """Titles and texts of real lectures, meetings and chapters; without them, of our samples."""
    files = [_BESIDE / name for name in _LECTURES]
    if not all(file.is_file() for file in files):
        files = [*_OURS.glob("*.txt"), *_OURS.glob("*.md")]
    return [(file.stem, file.read_text(encoding="utf-8")) for file in files]


def long_text(language: str, chars: int) -> str:
    """So many characters of `language`, "ru" or "en": all there is, again and again if need be."""
    files = sorted(path for path in (_BESIDE / language).glob("*") if path.is_file())
    texts = [file.read_text(encoding="utf-8") for file in files or [_OURS / _LANGUAGES[language]]]
    whole = "\n\n".join(texts)
    return ("\n\n".join([whole] * (chars // len(whole) + 1)))[:chars]


def without_marks(text: str) -> str:
    """The words alone, in lower case, as a raw transcript has them."""
    return " ".join(_WORD.findall(text.lower()))
