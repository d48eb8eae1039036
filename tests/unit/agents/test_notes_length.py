"""Notes on very long material stay within 1,500 words, their headings counted."""

from __future__ import annotations

from backend.agents.synopsis_manager.extraction.overview import overview_of
from backend.agents.synopsis_manager.page import Line, Page
from backend.agents.synopsis_manager.parts import LONGEST_NOTES_WORDS
from backend.agents.text.words import count_words

_SECTIONS = 60


def _page(headers: dict[str, str]) -> Page:
    lines: list[Line] = []
    for place in range(_SECTIONS):
        lines.append(
            Line(len(lines) + 1, "heading", f"Chapter {place} of the long book", paragraph=place)
        )
        said = " ".join(f"w{place}x{n}" for n in range(24))
        lines.append(Line(len(lines) + 1, "text", f"Says {said}.", paragraph=place))
    return Page(headers={"Title": "Book", **headers}, lines=lines)


def _words_left(page: Page) -> int:
    left_out = set(overview_of(page).left_out)
    return sum(
        count_words(line.text)
        for line in page.lines
        if line.kind == "heading" or line.number not in left_out
    )


def test_headings_count_towards_the_longest_notes() -> None:
    page = _page({"Notes at most": str(LONGEST_NOTES_WORDS)})
    everything = sum(count_words(line.text) for line in page.lines)

    assert everything > LONGEST_NOTES_WORDS
    assert LONGEST_NOTES_WORDS - 60 < _words_left(page) <= LONGEST_NOTES_WORDS


def test_more_is_kept_where_more_is_asked_for() -> None:
    page = _page({"Notes at most": "3000"})

    assert _words_left(page) > LONGEST_NOTES_WORDS
