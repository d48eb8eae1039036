"""Sources that close the gaps of a session: what is missing, what was found for it, and where.

A source is a passage of the person's own library or a work of the web. Each says which gap it
closes and why it helps; `excerpt` are words of its own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool

from backend.domain.artifacts import ArtifactKind, Number, Span, WholeNumber
from backend.domain.events import CamelModel

GapOrigin = Literal["asked", "plan", "analytics", "notes", "material"]
SourceKind = Literal["library", "article", "preprint", "book", "encyclopedia", "other"]


class Gap(CamelModel):
    """What is missing. `sources` is where in the session's material it shows; empty if nowhere."""

    id: str = Field(pattern=r"^g[1-9][0-9]{0,2}$")
    topic: str = Field(min_length=1)
    why: str = Field(min_length=1)
    origin: GapOrigin
    queries: list[str] = Field(min_length=1)
    sources: list[Span] = Field(default_factory=list)


class FoundSource(CamelModel):
    """A source, best first in its list. `material` is the passage of one of the library.

    `providers` are those that brought it; `closes` are ids of gaps. `grounded`: `excerpt` is what
    the source itself says; False where nothing but its title is known.
    """

    kind: SourceKind
    title: str = Field(min_length=1)
    providers: list[str] = Field(min_length=1)
    closes: list[str] = Field(min_length=1)
    why: str = Field(min_length=1)
    excerpt: str = ""
    grounded: StrictBool = True
    score: Number = 0
    session_id: str | None = None
    session_title: str | None = None
    material: Span | None = None
    url: str | None = None
    doi: str | None = None
    authors: list[str] = Field(default_factory=list)
    year: WholeNumber | None = None


class SearchReport(CamelModel):
    """How one provider did. `problem` says why it brought nothing, or not all."""

    provider: str
    status: Literal["searched", "failed"]
    queries: WholeNumber = Field(ge=0)
    found: WholeNumber = Field(ge=0)
    problem: str | None = None


class Sources(CamelModel):
    """The list. Gaps that nothing was found for stand among the others."""

    title: str = Field(min_length=1)
    language: str
    gaps: list[Gap]
    sources: list[FoundSource]
    searched: list[SearchReport]


SOURCES = ArtifactKind("sources", Sources, made_from=("plan", "synopsis", "analytics"))
