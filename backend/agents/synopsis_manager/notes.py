"""What the model is asked for: notes on a part, the overview of them all, repairs.

One flat shape for every kind of note, since small models fill it more reliably than a union.
The descriptions are part of the prompt: providers get them with the schema.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

NoteKind = Literal["heading", "text", "definition", "list", "code", "note"]


class DraftItem(BaseModel):
    """One item of the notes, with the numbers of the sentences that say it."""

    kind: NoteKind
    text: str = Field(
        default="",
        description="Heading, paragraph, the meaning of a term, or a caveat. Empty for list, code.",
    )
    term: str = Field(default="", description="definition only: the term that is defined.")
    points: list[str] = Field(default_factory=list, description="list only: short points.")
    ordered: bool = Field(default=False, description="list only: whether the order matters.")
    level: int = Field(default=2, ge=1, le=4, description="heading only: 1 is the highest.")
    cites: list[int] = Field(
        default_factory=list,
        description="Numbers of the sentences, or of the one code block, that this item rests on.",
    )
    quote: str = Field(
        default="",
        description="Words of one cited sentence, letter for letter. Empty for heading, code.",
    )
    keeps: int | None = Field(
        default=None,
        description="Number of a current item to keep word for word; leave the rest empty then.",
    )

    @model_validator(mode="after")
    def _has_its_parts(self) -> Self:
        if self.keeps is not None:
            return self
        if self.kind == "code":
            if not self.cites:
                raise ValueError("code: cite the number of the code block")
        elif self.kind == "list":
            if not any(point.strip() for point in self.points):
                raise ValueError("list: give its points")
        elif not self.text.strip():
            raise ValueError(f"{self.kind}: give its text")
        if self.kind == "definition" and not self.term.strip():
            raise ValueError("definition: give its term")
        return self


class PartNotes(BaseModel):
    """The notes on one part of the material, in the material's order."""

    items: list[DraftItem]


class RepairedItem(DraftItem):
    """An item put right."""

    number: int = Field(description="The number of the item that this takes the place of.")


class Repairs(BaseModel):
    """The items that could be put right."""

    items: list[RepairedItem]


class Overview(BaseModel):
    """What stands above the notes, and which of their items can go."""

    title: str = Field(min_length=1, description="A short title of the whole, without a full stop.")
    summary: list[DraftItem] = Field(
        default_factory=list,
        description="One or two items of kind text: what the whole is about, in a few sentences.",
    )
    left_out: list[int] = Field(
        default_factory=list,
        description="Numbers of notes that only repeat an earlier one, or are one too many.",
    )
