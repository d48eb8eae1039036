"""Puts the notes on all parts together: one order of headings, nothing said twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backend.agents.text.claims import negated
from backend.agents.text.words import content_stems, numbers
from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    SynopsisItem,
    TextItem,
    words_of,
)
from backend.domain.edits import is_own
from backend.domain.session_memory import Material

_FALLBACK_TITLES = {"ru": "Конспект", "en": "Notes"}
_FILE_ENDING = re.compile(
    r"\.(?:txt|md|mdx|rst|html?|pdf|docx|srt|vtt|xml|jsonl?|ndjson)$", re.IGNORECASE
)
_LOWEST_LEVEL = 4


@dataclass(frozen=True)
class MaterialNotes:
    """The items of one material's parts, in order."""

    material: Material
    items: list[SynopsisItem]


def title_for(materials: Sequence[Material], first_heading: str, session: str) -> str:
    """The session's title, else the only material's title or first heading, else empty.

    A file's name gives way to the heading that the text begins with.
    """
    if session.strip():
        return session.strip()
    if len(materials) != 1:
        return ""
    given = materials[0].title.strip()
    name = _FILE_ENDING.sub("", given)
    looks_like_file = name != given or ("_" in name and " " not in name)
    if first_heading and (looks_like_file or not name):
        return first_heading
    return re.sub(r"[_\s]+", " ", name).strip()


def fallback_title(language: str) -> str:
    return _FALLBACK_TITLES.get(language, _FALLBACK_TITLES["en"])


def join(notes: Sequence[MaterialNotes], title: str) -> list[SynopsisItem]:
    """One list. With several materials each stands under a level-1 heading with its title."""
    several = len(notes) > 1
    joined: list[SynopsisItem] = []
    for one in notes:
        items = without_empty_headings(_without_repeats(_without_same_headings(one)))
        if not several and items and _is_title(items[0], items, title):
            items = items[1:]
        if several and items:
            joined.append(HeadingItem(level=1, text=_shown_name(one.material)))
            if isinstance(items[0], HeadingItem) and items[0].text == _shown_name(one.material):
                items = items[1:]
        joined += _ranked(items, highest=2 if several else 1)
    return _without_repeats(joined)


def without_empty_headings(items: Sequence[SynopsisItem]) -> list[SynopsisItem]:
    """Drops headings that have nothing below them before the next one of their rank."""
    kept: list[SynopsisItem] = []
    filled = 0
    for item in reversed(items):
        if not isinstance(item, HeadingItem):
            filled = _LOWEST_LEVEL + 1
        elif filled <= item.level:
            continue
        else:
            filled = item.level
        kept.append(item)
    return kept[::-1]


def _shown_name(material: Material) -> str:
    name = _FILE_ENDING.sub("", material.title.strip())
    return re.sub(r"[_\s]+", " ", name).strip() or material.id


def _is_title(first: SynopsisItem, items: Sequence[SynopsisItem], title: str) -> bool:
    """Whether the first item is the heading of the whole: the title, or alone at the top rank."""
    if not isinstance(first, HeadingItem):
        return False
    if first.text == title:
        return True
    others = [i.level for i in items[1:] if isinstance(i, HeadingItem)]
    return bool(others) and first.level < min(others)


def _ranked(items: Sequence[SynopsisItem], highest: int) -> list[SynopsisItem]:
    """The same items with their headings' levels closed up from `highest` down."""
    levels = sorted({item.level for item in items if isinstance(item, HeadingItem)})
    ranks = {level: min(_LOWEST_LEVEL, highest + place) for place, level in enumerate(levels)}
    return [
        item.model_copy(update={"level": ranks[item.level]})
        if isinstance(item, HeadingItem)
        else item
        for item in items
    ]


def _without_repeats(items: Sequence[SynopsisItem]) -> list[SynopsisItem]:
    """Drops what says word for word what an earlier item says; a heading only right after it."""
    seen: set[tuple[str, ...]] = set()
    defined: set[str] = set()
    kept: list[SynopsisItem] = []
    last_heading = ""
    for item in items:
        if isinstance(item, HeadingItem):
            if item.text == last_heading:
                continue
            last_heading = item.text
        elif is_own(item):
            seen.add(_said(words_of(item)))
        elif isinstance(item, DefinitionItem) and item.term.lower() in defined:
            kept.append(_as_text(item))
            continue
        elif not isinstance(item, CodeItem):
            key = _said(words_of(item))
            if key in seen:
                continue
            seen.add(key)
        if isinstance(item, DefinitionItem):
            defined.add(item.term.lower())
        kept.append(item)
    return kept


def _without_same_headings(notes: MaterialNotes) -> list[SynopsisItem]:
    """Drops headings that stand above already, but for those the material itself repeats.

    Parts that are read apart may be named alike; what is below goes on below the heading before.
    """
    seen: set[str] = set()
    kept: list[SynopsisItem] = []
    for item in notes.items:
        if isinstance(item, HeadingItem) and not is_own(item):
            name = item.text.casefold()
            if name in seen and not _is_line(item.text, notes.material.text):
                continue
            seen.add(name)
        kept.append(item)
    return kept


def _is_line(heading: str, text: str) -> bool:
    return re.search(rf"^\W*{re.escape(heading)}\W*$", text, re.MULTILINE) is not None


def _said(text: str) -> tuple[str, ...]:
    """What makes two texts the same: a number or a "not" makes them differ."""
    stems = content_stems(text)
    return (*stems, *sorted(numbers(text)), *sorted(negated(text))) if stems else (text,)


def _as_text(item: DefinitionItem) -> TextItem:
    """What else is said of a term that is defined already."""
    text = f"{item.term}: {item.text[:1].lower()}{item.text[1:]}"
    return TextItem(text=text, sources=item.sources, grounded=item.grounded)
