"""A material as numbered units: headings, sentences, list items, code.

The number is what prompts show and notes cite; the span is where the unit stands in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from backend.agents.synopsis_manager.blocks import Block, blocks_of
from backend.agents.synopsis_manager.markup import prose, visible
from backend.agents.synopsis_manager.speakers import speakers_of
from backend.agents.text.halves import is_open
from backend.agents.text.injections import orders_among
from backend.agents.text.sentences import each_piece, each_sentence, is_unpunctuated
from backend.agents.text.speech import fluent, punctuated, without_stage_directions
from backend.agents.text.words import count_words
from backend.domain.artifacts import Span
from backend.domain.session_memory import Material

UnitKind = Literal["heading", "text", "item", "code"]
# A longer list item is an item followed by sentences.
LONGEST_ITEM_WORDS = 45
_REPORT_EVERY_CHARS = 50_000
Report = Callable[[int], None]
"""Is told how many characters of a material have been read."""


@dataclass(frozen=True)
class Unit:
    """One citable piece. `paragraph` is the same for units of one paragraph or list item."""

    number: int
    kind: UnitKind
    text: str
    material_id: str
    start: int
    end: int
    paragraph: int
    level: int = 1
    ordered: bool = False
    language: str = ""
    speaker: str = ""

    @property
    def words(self) -> int:
        return count_words(self.text)

    @property
    def span(self) -> Span:
        return Span(material_id=self.material_id, start=self.start, end=self.end)


def units_of(material: Material, first_number: int = 1, report: Report | None = None) -> list[Unit]:
    """The material's units in order, numbered from `first_number` on.

    `report` hears of every 50,000 characters: a long material takes seconds.
    """
    text = visible(material.text)
    is_raw = is_unpunctuated(text)
    is_spoken = is_raw or bool(speakers_of(text)) or material.format in ("srt", "vtt")
    tidy = fluent if is_spoken else str
    turn_of = ""
    found: list[Unit] = []
    reported = 0
    for paragraph, block in enumerate(blocks_of(material.text)):
        turn_of = block.speaker or (turn_of if block.kind != "heading" else "")
        speaker = turn_of if block.kind == "paragraph" else ""
        for unit in _units_of_block(material, text, block, tidy, is_raw):
            place = replace(
                unit, number=first_number + len(found), paragraph=paragraph, speaker=speaker
            )
            found.append(place)
            if report and unit.end >= reported + _REPORT_EVERY_CHARS:
                reported = unit.end
                report(reported)
    return _with_marks(found) if is_raw else found


def _with_marks(units: list[Unit]) -> list[Unit]:
    """The units of a raw transcript: all as sentences if none could be told for one."""
    if not all(is_open(unit.text) for unit in units):
        return units
    return [replace(unit, text=punctuated(unit.text)) for unit in units]


def orders_in(units: Sequence[Unit]) -> list[Unit]:
    """The units that give an order to a model, or carry one on."""
    prose = [unit for unit in units if unit.kind != "code"]
    are_orders = orders_among([unit.text for unit in prose])
    return [unit for unit, is_order in zip(prose, are_orders, strict=True) if is_order]


def _units_of_block(
    material: Material, text: str, block: Block, tidy: Callable[[str], str], is_raw: bool
) -> Iterator[Unit]:
    if block.kind == "code":
        yield _unit(material, block, "code", material.text[block.start : block.end], 0, block.end)
        return
    if block.kind == "heading":
        heading = prose(text[block.start : block.end]).strip(" :*#")
        if heading:
            yield _unit(material, block, "heading", heading, block.start, block.end)
        return
    kind: UnitKind = "item" if block.kind == "item" else "text"
    for start, end, gets_marks in _pieces(text, block, is_raw):
        piece = tidy(prose(without_stage_directions(text[start:end])))
        piece = punctuated(piece) if gets_marks else piece
        if any(letter.isalnum() for letter in piece):
            yield _unit(material, block, kind, piece, start, end)
            kind = "text"


def _pieces(text: str, block: Block, is_raw: bool) -> Iterator[tuple[int, int, bool]]:
    """The sentences of a block; a list item of ordinary length is one piece.

    With each whether it gets the marks of a sentence that it lacks: where it is whole and raw.
    """
    if block.kind == "item" and count_words(text[block.start : block.end]) <= LONGEST_ITEM_WORDS:
        yield block.start, block.end, is_raw
        return
    said = text[block.start : block.end]
    if is_raw:
        for start, end, is_whole in each_piece(said):
            yield block.start + start, block.start + end, is_whole
    else:
        for start, end in each_sentence(said):
            yield block.start + start, block.start + end, False


def _unit(
    material: Material, block: Block, kind: UnitKind, text: str, start: int, end: int
) -> Unit:
    return Unit(
        number=0,
        kind=kind,
        text=text,
        material_id=material.id,
        start=start or block.start,
        end=end,
        paragraph=0,
        level=block.level,
        ordered=block.ordered,
        language=block.language,
    )
