"""From what a model drafts to the items of a synopsis."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent
from typing import TypedDict

from backend.agents.synopsis_manager.grounding import Claim
from backend.agents.synopsis_manager.notes import DraftItem
from backend.agents.synopsis_manager.units import Unit
from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    Span,
    SynopsisItem,
    TextItem,
)


def claim_of(draft: DraftItem) -> Claim:
    """What a draft says and cites."""
    return Claim(said_by(draft), tuple(draft.cites), draft.quote, draft.kind == "heading")


def said_by(draft: DraftItem) -> str:
    """All the words of a draft that its sources have to account for, a line each."""
    return "\n".join(filter(None, [draft.term, draft.text, *draft.points])).strip()


def spans_of(units: Sequence[Unit]) -> list[Span]:
    """The units' places; neighbours of one paragraph are one span."""
    spans: list[Span] = []
    last: Unit | None = None
    for unit in units:
        together = last is not None and unit.number == last.number + 1
        if last is not None and together and unit.paragraph == last.paragraph:
            spans[-1] = spans[-1].model_copy(update={"end": unit.end})
        else:
            spans.append(unit.span)
        last = unit
    return spans


def code_item(draft: DraftItem, units: Sequence[Unit]) -> CodeItem | None:
    """Code is taken from the material as it stands there, whatever the model made of it.

    Only the indent that all its lines share goes. None for code that isn't there.
    """
    blocks = [unit for unit in units if unit.kind == "code"]
    wanted = draft.text.strip()
    found = [unit for unit in blocks if unit.number in draft.cites] or [
        unit for unit in blocks if wanted and wanted in unit.text
    ]
    if not found:
        return None
    block = found[0]
    return CodeItem(language=block.language, text=dedent(block.text), sources=[block.span])


class _Found(TypedDict):
    sources: list[Span]
    grounded: bool
    repaired: bool


def typed_item(draft: DraftItem, sources: list[Span], repaired: bool = False) -> SynopsisItem:
    """The item of the draft's kind (any but code); without sources it is ungrounded."""
    text = draft.text.strip()
    found = _Found(sources=sources, grounded=bool(sources), repaired=repaired and bool(sources))
    match draft.kind:
        case "heading":
            return HeadingItem(level=draft.level, text=text, **found)
        case "definition":
            return DefinitionItem(term=draft.term.strip(), text=text, **found)
        case "list":
            points = [point.strip() for point in draft.points if point.strip()]
            return ListItem(items=points, ordered=draft.ordered, **found)
        case "note":
            return NoteItem(text=text, **found)
        case _:
            return TextItem(text=text, **found)
