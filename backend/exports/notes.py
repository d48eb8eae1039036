"""Notes made ready for a file: with the passages that their sources stand for, numbered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.artifacts import Span, Synopsis, SynopsisItem

_LONGEST_PASSAGE_CHARS = 300
_NO_LANGUAGE = re.compile(r"[^\w+#.-]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

WORDS = {
    "ru": {
        "sources": "Источники",
        "ungrounded": "нет в материале",
        "edited": "изменено от руки, с материалом не сверено",
        "deleted": "материал удалён",
        "note": "Заметка",
    },
    "en": {
        "sources": "Sources",
        "ungrounded": "not in the material",
        "edited": "changed by hand, not held against the material",
        "deleted": "the material was deleted",
        "note": "Note",
    },
}


@dataclass(frozen=True)
class SourceMaterial:
    """A material as far as exports show it."""

    title: str
    text: str


@dataclass(frozen=True)
class Source:
    """A cited passage. `title` None: its material was deleted, and the passage with it."""

    number: int
    title: str | None
    passage: str


@dataclass(frozen=True)
class NumberedItem:
    """An item and the numbers of its sources."""

    item: SynopsisItem
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class ExportedNotes:
    """The notes; `sources` by their numbers, from 1 on."""

    title: str
    language: str
    items: tuple[NumberedItem, ...]
    sources: tuple[Source, ...] = ()

    def word(self, key: str) -> str:
        """A word of the frame, in the notes' language where we speak it."""
        return WORDS.get(self.language.partition("-")[0], WORDS["en"])[key]

    def remark_on(self, item: SynopsisItem) -> str:
        """What a reader has to know of how it stands to its sources; empty if all is well."""
        if item.type == "heading":
            return ""
        if not item.grounded:
            return self.word("ungrounded")
        return self.word("edited") if item.edited and item.sources else ""


def without_sources(synopsis: Synopsis) -> ExportedNotes:
    """The notes alone, where the material isn't at hand."""
    items = tuple(NumberedItem(item) for item in synopsis.items)
    return ExportedNotes(synopsis.title, synopsis.language, items)


def with_sources(synopsis: Synopsis, materials: Mapping[str, SourceMaterial]) -> ExportedNotes:
    """The notes with their passages; `materials` by id, as far as they are still there."""
    numbers: dict[tuple[str, int, int], int] = {}
    sources: list[Source] = []
    items: list[NumberedItem] = []
    for item in synopsis.items:
        cited: list[int] = []
        for span in item.sources:
            key = (span.material_id, span.start, span.end)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                sources.append(_source(numbers[key], span, materials.get(span.material_id)))
            cited.append(numbers[key])
        items.append(NumberedItem(item, tuple(dict.fromkeys(cited))))
    return ExportedNotes(synopsis.title, synopsis.language, tuple(items), tuple(sources))


def code_language(language: str) -> str:
    """A code block's language as a name that can't be anything else."""
    return _NO_LANGUAGE.sub("", language)[:30]


def printable(text: str) -> str:
    """Without the control characters that XML and PDF have no place for."""
    return _UNPRINTABLE.sub("", text)


def _source(number: int, span: Span, material: SourceMaterial | None) -> Source:
    if material is None:
        return Source(number, None, "")
    passage = " ".join(material.text[span.start : span.end].split())
    if len(passage) > _LONGEST_PASSAGE_CHARS:
        passage = passage[: _LONGEST_PASSAGE_CHARS - 1].rstrip() + "…"
    return Source(number, material.title, passage)
