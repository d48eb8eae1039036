"""The forms in which a model answers."""

from __future__ import annotations

from pydantic import BaseModel, Field


class GapDraft(BaseModel):
    """A gap; `candidate` is the number of the one it takes over."""

    topic: str
    why: str
    queries: list[str] = Field(default_factory=list)
    candidate: int | None = None
    cites: list[int] = Field(default_factory=list)


class Gaps(BaseModel):
    """What is missing, the most important first."""

    gaps: list[GapDraft]


class PickDraft(BaseModel):
    """A source worth reading, and the gaps it helps to close."""

    number: int
    closes: list[int]
    why: str
    quote: str = ""


class Picks(BaseModel):
    """The sources, the best first."""

    picks: list[PickDraft]
