"""Sources as notes: what is exported and compared."""

from __future__ import annotations

from collections.abc import Iterator

from backend.domain.artifacts import (
    HeadingItem,
    ListItem,
    NoteItem,
    Synopsis,
    SynopsisItem,
    TextItem,
)
from backend.domain.sources import FoundSource, Gap, Sources

_WORDS = {
    "ru": {"gaps": "Чего не хватает", "sources": "Источники", "nothing": "ничего не нашлось"},
    "en": {"gaps": "What is missing", "sources": "Sources", "nothing": "nothing was found"},
}


def sources_as_notes(found: Sources) -> Synopsis:
    """The gaps, then each source with why it helps, its words and where it is."""
    words = _WORDS.get(found.language.partition("-")[0], _WORDS["en"])
    closed = {gap_id for source in found.sources for gap_id in source.closes}
    items: list[SynopsisItem] = []
    if found.gaps:
        items.append(HeadingItem(level=1, text=words["gaps"]))
        items += [_gap(gap, "" if gap.id in closed else words["nothing"]) for gap in found.gaps]
    if found.sources:
        items.append(HeadingItem(level=1, text=words["sources"]))
    for source in found.sources:
        items += _source(source)
    return Synopsis(title=found.title, language=found.language, items=items)


def _gap(gap: Gap, mark: str) -> NoteItem:
    text = f"{gap.topic}: {gap.why}" + (f" ({mark})" if mark else "")
    return NoteItem(text=text, sources=gap.sources)


def _source(source: FoundSource) -> Iterator[SynopsisItem]:
    yield HeadingItem(level=2, text=source.title)
    yield TextItem(text=source.why)
    if source.excerpt:
        # A passage of the library may be another session's, which an export of this one can't show.
        yield TextItem(text=source.excerpt, grounded=source.grounded)
    year = str(source.year) if source.year else ""
    told = [
        source.session_title or "",
        ", ".join(source.authors),
        year,
        source.doi or "",
        source.url or "",
    ]
    known = [each for each in told if each]
    if known:
        yield ListItem(items=known)
