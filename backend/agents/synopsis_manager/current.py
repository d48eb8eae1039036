"""The synopsis there is already, when it is to be updated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from backend.agents.synopsis_manager.parts import Part
from backend.domain.artifacts import SYNOPSIS, HeadingItem, Synopsis, SynopsisItem, words_of
from backend.domain.fingerprint import SessionInput
from backend.domain.session_memory import SessionMemory

_LONGEST_PLAN_CHARS = 2_000


@dataclass(frozen=True)
class Current:
    """What is kept: items before the first heading, and the others by the part they belong to."""

    synopsis: Synopsis
    summary: list[SynopsisItem] = field(default_factory=list)
    by_part: dict[int, list[SynopsisItem]] = field(default_factory=dict)


def current_of(memory: SessionMemory, parts: Sequence[Part], *, written: bool) -> Current | None:
    """The session's synopsis, or None if it has none that can be read.

    `written`: by a model that writes. Its summary rests on the sources of the notes below it, which
    tells it from notes that begin without a heading; an extracted one is all above the first.

    An item whose sources are all gone (their material was deleted) is left out. One without
    sources, such as a person's own words, stays where it stands: with the item before it.
    """
    try:
        synopsis = Synopsis.model_validate(memory.artifacts.get(SYNOPSIS.name))
    except ValidationError:
        return None
    lengths = {material.id: len(material.text) for material in memory.materials}
    current = Current(synopsis)
    place: int | None = None
    for number, item in enumerate(synopsis.items, 1):
        sources = [s for s in item.sources if s.end <= lengths.get(s.material_id, 0)]
        if item.sources and not sources:
            continue
        kept = item.model_copy(update={"sources": sources})
        below = synopsis.items[number:]
        opens = place is None and not isinstance(kept, HeadingItem)
        if opens and (not written or _sums_up(kept, below)):
            current.summary.append(kept)
            continue
        found = _part_of(kept, parts)
        place = found if found is not None else place or 0
        current.by_part.setdefault(place, []).append(kept)
    return current


def _sums_up(item: SynopsisItem, below: Sequence[SynopsisItem]) -> bool:
    known = [source for other in below for source in other.sources]
    is_own_opening = not item.sources and item.type == "text"
    return is_own_opening or (bool(item.sources) and all(s in known for s in item.sources))


def has_new_brief(memory: SessionMemory) -> bool:
    """Whether goal, focus, tone, language or plan changed since an agent made the notes."""
    before = memory.briefs.get(SYNOPSIS.name)
    return before is not None and before != SessionInput.of(memory).brief(SYNOPSIS)


def plan_of(memory: SessionMemory) -> str:
    """The session's plan on one line: the texts in it, in order. Empty without one."""
    told = " · ".join(_texts(memory.artifacts.get("plan")))
    return told if len(told) <= _LONGEST_PLAN_CHARS else told[:_LONGEST_PLAN_CHARS] + "…"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _part_of(item: SynopsisItem, parts: Sequence[Part]) -> int | None:
    if not item.sources:
        return None
    source = item.sources[0]
    for part in parts:
        here = part.material.id == source.material_id
        if here and part.units[0].start <= source.start <= part.units[-1].end:
            return part.index
    return None


def shown(items: Sequence[SynopsisItem]) -> str:
    """The items as the prompt's `<current>` list, numbered from 1."""
    lines = [
        f"<{number}> {item.type}: {' '.join(words_of(item).split())}"
        for number, item in enumerate(items, start=1)
    ]
    body = "\n".join(lines).replace("</current>", "</ current>")
    return f"\n\n<current>\n{body}\n</current>"
