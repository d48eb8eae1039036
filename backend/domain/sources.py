"""Sources that close the gaps of a session: what is missing, what was found for it, and where.

A source is a passage of the person's own library or a work of the web. Each says which gap it
closes and why it helps; `excerpt` are words of its own.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, StrictBool

from backend.domain.artifacts import ArtifactKind, Number, Span, WholeNumber
from backend.domain.events import CamelModel
from backend.domain.listed import Listed, Lists

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


class FoundSource(Listed):
    """A source, best first in its list. `material` is the passage of one of the library.

    `providers` are those that brought it, none if a person did; `closes` are ids of gaps.
    `grounded`: `excerpt` is what the source itself says; False where only its title is known.
    """

    kind: SourceKind
    title: str = Field(min_length=1)
    providers: list[str] = Field(default_factory=list)
    closes: list[str] = Field(default_factory=list)
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

    @property
    def key(self) -> str:
        place = self.material
        passage = f"{place.material_id}:{place.start}-{place.end}" if place else ""
        return self.doi or self.url or passage or self.title


class SearchReport(CamelModel):
    """How one provider did. `problem` says why it brought nothing, or not all."""

    provider: str
    status: Literal["searched", "failed"]
    queries: WholeNumber = Field(ge=0)
    found: WholeNumber = Field(ge=0)
    problem: str | None = None


class Sources(Lists):
    """The list. Gaps that nothing was found for stand among the others."""

    LISTS: ClassVar = ("sources",)

    language: str
    gaps: list[Gap]
    sources: list[FoundSource]
    searched: list[SearchReport]

    def beside(self, made: Self) -> Self:
        """Gaps are numbered anew each time: a source closes those that have the same topic."""
        topics = {gap.id: gap.topic for gap in self.gaps}
        ids = {gap.topic: gap.id for gap in made.gaps}
        closes = [
            [ids[topics[gap]] for gap in source.closes if topics.get(gap) in ids]
            for source in self.sources
        ]
        renamed = [
            source.model_copy(update={"closes": gaps})
            for source, gaps in zip(self.sources, closes, strict=True)
        ]
        return self.model_copy(update={"sources": renamed})


SOURCES = ArtifactKind("sources", Sources, made_from=("plan", "synopsis", "analytics"))
