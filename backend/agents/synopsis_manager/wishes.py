"""The wishes that the offline model follows: shorter, definitions only, more about a subject.

It can't read a wish, only know these three by their words; any other changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.agents.synopsis_manager.merging import within
from backend.agents.synopsis_manager.parts import Part
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.words import content_stems, count_words
from backend.domain.artifacts import (
    DefinitionItem,
    HeadingItem,
    Span,
    SynopsisItem,
    TextItem,
    words_of,
)
from backend.domain.edits import is_own

_SHORTER = re.compile(
    r"\b(?:shorter|shorten|briefer|more brief|more concise|короче|покороче|сократи\w*|кратко)\b",
    re.IGNORECASE,
)
_ONLY_DEFINITIONS = re.compile(
    r"\b(?:only\s+(?:the\s+)?(?:definitions|terms)|(?:definitions|terms)\s+only"
    r"|только\s+(?:определения|термины))\b",
    re.IGNORECASE,
)
_MORE_ABOUT = re.compile(
    r"\b(?:more(?:\s+details?)?|in\s+more\s+detail|больше|побольше|подробнее|подробней)\s+"
    r"(?:about|on|of|о|об|обо|про|насчёт)\s+(?P<subject>[^,.;:!?\n]{2,80})",
    re.IGNORECASE,
)
_SHORTER_BY = 0.6
_MOST_ADDED_WORDS = 150


@dataclass(frozen=True)
class OfflineWishes:
    """What of a person's instructions was understood."""

    shorter: bool = False
    only_definitions: bool = False
    more_about: tuple[str, ...] = ()


def understood(instructions: str | None) -> OfflineWishes:
    """The wishes in `instructions` that can be followed without an LLM."""
    told = instructions or ""
    return OfflineWishes(
        shorter=bool(_SHORTER.search(told)),
        only_definitions=bool(_ONLY_DEFINITIONS.search(told)),
        more_about=tuple(match["subject"].strip() for match in _MORE_ABOUT.finditer(told)),
    )


def fulfil(
    wishes: OfflineWishes, items: Sequence[SynopsisItem], parts: Sequence[Part]
) -> list[SynopsisItem]:
    """The notes as wished, as far as the material allows. A person's own items all stay."""
    changed = list(items)
    for subject in wishes.more_about:
        changed = _with_more(changed, parts, subject)
    if wishes.only_definitions and any(isinstance(item, DefinitionItem) for item in changed):
        changed = [
            item
            for item in changed
            if isinstance(item, DefinitionItem | HeadingItem) or is_own(item)
        ]
    if wishes.shorter:
        length = sum(count_words(words_of(item)) for item in changed)
        changed = within(changed, round(_SHORTER_BY * length), overrun=1)
    return changed


def _with_more(
    items: list[SynopsisItem], parts: Sequence[Part], subject: str
) -> list[SynopsisItem]:
    """With sentences on the subject that the notes don't have yet, each after what precedes it."""
    changed = list(items)
    left = _MOST_ADDED_WORDS
    for unit in _about(subject, parts, items):
        if unit.words > left:
            break
        left -= unit.words
        text = f"{unit.speaker}: {unit.text}" if unit.speaker else unit.text
        changed.insert(_place_of(unit, changed), TextItem(text=text, sources=[unit.span]))
    return changed


def _about(subject: str, parts: Sequence[Part], items: Sequence[SynopsisItem]) -> Iterator[Unit]:
    wanted = set(content_stems(subject))
    taken = [source for item in items for source in item.sources]
    for part in parts:
        for unit in part.units:
            is_said = unit.kind in ("text", "item") and not unit.text.endswith((":", "?"))
            is_new = not any(_overlap(unit.span, source) for source in taken)
            if wanted and is_said and is_new and wanted <= set(content_stems(unit.text)):
                yield unit


def _overlap(one: Span, other: Span) -> bool:
    same = one.material_id == other.material_id
    return same and one.start < other.end and other.start < one.end


def _place_of(unit: Unit, items: Sequence[SynopsisItem]) -> int:
    """After the last item below the first heading that rests on what stands earlier."""
    place = 0
    below_heading = not any(isinstance(item, HeadingItem) for item in items)
    for number, item in enumerate(items, start=1):
        below_heading = below_heading or isinstance(item, HeadingItem)
        source = item.sources[0] if item.sources else None
        is_earlier = source and source.material_id == unit.material_id and source.start < unit.start
        if is_earlier and below_heading:
            place = number
    return place or len(items)
