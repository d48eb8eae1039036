"""The artifacts agents make and how their versions come about.

A synopsis is a title and a list of typed items; each item points at the passages of the
material that say what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, StrictBool
from pydantic_core import PydanticCustomError

from backend.domain.events import CamelModel, ModelUsage


def _number(value: object) -> object:
    if isinstance(value, bool | str):
        raise PydanticCustomError("number", "It isn't a number.")
    return value


# Pydantic alone takes `true` and "1" for numbers as well, and in its strict mode not even 1.0.
# Bounds stand before it: behind it the JSON Schema wouldn't tell them.
A_NUMBER = BeforeValidator(_number)
WholeNumber = Annotated[int, A_NUMBER]
Number = Annotated[float, A_NUMBER]


class Span(CamelModel):
    """Characters `start` to `end` (exclusive) of a material's text."""

    material_id: str
    start: WholeNumber = Field(ge=0)
    end: WholeNumber = Field(gt=0)


class _Item(CamelModel):
    """`grounded` is false where the material doesn't say what the item says.

    `repaired`: it didn't at first, and was put right. `edited`: a person wrote or changed it, so
    no update changes it again; the server marks it when the edit is saved.
    """

    sources: list[Span] = Field(default_factory=list)
    grounded: StrictBool = True
    repaired: StrictBool = False
    edited: StrictBool = False


class HeadingItem(_Item):
    """A heading; level 1 is the highest below the title."""

    type: Literal["heading"] = "heading"
    level: WholeNumber = Field(default=2, ge=1, le=4)
    text: str = Field(min_length=1)


class TextItem(_Item):
    """A paragraph."""

    type: Literal["text"] = "text"
    text: str = Field(min_length=1)


class DefinitionItem(_Item):
    """A term and what it means."""

    type: Literal["definition"] = "definition"
    term: str = Field(min_length=1)
    text: str = Field(min_length=1)


class ListItem(_Item):
    """A list of short points."""

    type: Literal["list"] = "list"
    items: list[str] = Field(min_length=1)
    ordered: StrictBool = False


class CodeItem(_Item):
    """Code, verbatim. `language` is empty where it isn't known."""

    type: Literal["code"] = "code"
    language: str = ""
    text: str = Field(min_length=1)


class NoteItem(_Item):
    """A caveat or an aside."""

    type: Literal["note"] = "note"
    text: str = Field(min_length=1)


SynopsisItem = Annotated[
    HeadingItem | TextItem | DefinitionItem | ListItem | CodeItem | NoteItem,
    Field(discriminator="type"),
]


def words_of(item: SynopsisItem) -> str:
    """Everything an item says, as one text."""
    if isinstance(item, ListItem):
        return "\n".join(item.items)
    if isinstance(item, DefinitionItem):
        return f"{item.term} — {item.text}"
    return item.text


class Synopsis(CamelModel):
    """The notes. `language` is 'ru' or 'en' (or another BCP 47 tag the session asked for).

    `injections` are the passages of the material that give orders to a model (prompt injection),
    `dropped` is how many items were left away because they rested on such passages alone; versions
    stored before it was called so have it as `leftOut`.
    """

    title: str = Field(min_length=1)
    language: str
    items: list[SynopsisItem]
    injections: list[Span] = Field(default_factory=list)
    dropped: WholeNumber = Field(
        default=0, ge=0, validation_alias=AliasChoices("dropped", "leftOut")
    )


class GroundingReport(CamelModel):
    """How the items (but headings) stand to the material.

    `grounded` have sources that say so, `repaired` of them only after they were put right;
    `ungrounded` have none; `own` are a person's words, which nobody held against the material.
    `injections` and `dropped` count what a synopsis tells of the material's orders to models.
    """

    items: int
    grounded: int
    repaired: int
    ungrounded: int
    own: int
    injections: int = 0
    dropped: int = 0


def grounding_report(items: Sequence[SynopsisItem]) -> GroundingReport:
    """The report on a version's items. It is kept with them: each has its marks."""
    claims = [item for item in items if not isinstance(item, HeadingItem)]
    own = [item for item in claims if item.edited or (item.grounded and not item.sources)]
    made = [item for item in claims if item not in own]
    return GroundingReport(
        items=len(claims),
        grounded=sum(item.grounded for item in made),
        repaired=sum(item.grounded and item.repaired for item in made),
        ungrounded=sum(not item.grounded for item in made),
        own=len(own),
    )


class VersionKind(StrEnum):
    """How a version came about. A draft stands beside the current version, never over it."""

    AGENT = "agent"
    EDIT = "edit"
    RESTORE = "restore"
    DRAFT = "draft"


class Provenance(CamelModel):
    """What made a version; all None on a person's edit.

    `model` is the one that was set; `models` those that answered, with what each used.
    `fingerprint` is that of all it was made from, `brief` of the session's goal, tone and plan.
    """

    job_id: str | None = None
    attempt: int | None = None
    agent: str | None = None
    agent_version: str | None = None
    model: str | None = None
    requests: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    models: tuple[ModelUsage, ...] | None = None
    trace_id: str | None = None
    fingerprint: str | None = None
    brief: str | None = None


@dataclass(frozen=True)
class ArtifactKind:
    """One kind of versioned artifact: its name and the model its content is held to.

    `made_from` names the other kinds that an agent reads when it makes this one.
    """

    name: str
    content_model: type[BaseModel]
    made_from: tuple[str, ...] = ()


SYNOPSIS = ArtifactKind("synopsis", Synopsis, made_from=("plan",))
