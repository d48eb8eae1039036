"""Drafts to items: each gets the passages that say it, or is marked as ungrounded."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from backend.agents.synopsis_manager.grounding import passages_for
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


def item_of(draft: DraftItem, units: Sequence[Unit]) -> SynopsisItem | None:
    """The item for a draft on the part that has `units`; None for code that isn't there."""
    by_number = {unit.number: unit for unit in units}
    cited = [by_number[number] for number in dict.fromkeys(draft.cites) if number in by_number]
    if draft.kind == "code":
        return _code(draft, cited, units)
    said = said_by(draft)
    passages = passages_for(said, cited, units)
    return typed_item(draft, spans_of(passages), grounded=bool(passages))


def said_by(draft: DraftItem) -> str:
    """All the words of a draft that its sources have to account for."""
    return " ".join([draft.term, draft.text, *draft.points]).strip()


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


def _code(draft: DraftItem, cited: Sequence[Unit], units: Sequence[Unit]) -> CodeItem | None:
    """Code is taken from the material as it stands there, whatever the model made of it.

    Only the indent that all its lines share goes.
    """
    blocks = [unit for unit in cited if unit.kind == "code"]
    wanted = draft.text.strip()
    if not blocks and wanted:
        blocks = [unit for unit in units if unit.kind == "code" and wanted in unit.text]
    if not blocks:
        return None
    block = blocks[0]
    return CodeItem(language=block.language, text=dedent(block.text), sources=[block.span])


def typed_item(draft: DraftItem, sources: list[Span], grounded: bool) -> SynopsisItem:
    """The item of the draft's kind (any but code)."""
    text = draft.text.strip()
    match draft.kind:
        case "heading":
            return HeadingItem(level=draft.level, text=text, sources=sources, grounded=grounded)
        case "definition":
            return DefinitionItem(
                term=draft.term.strip(), text=text, sources=sources, grounded=grounded
            )
        case "list":
            points = [point.strip() for point in draft.points if point.strip()]
            return ListItem(items=points, ordered=draft.ordered, sources=sources, grounded=grounded)
        case "note":
            return NoteItem(text=text, sources=sources, grounded=grounded)
        case _:
            return TextItem(text=text, sources=sources, grounded=grounded)
