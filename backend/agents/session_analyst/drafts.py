"""What the model is asked for: a judgement on what was counted.

The descriptions are part of the prompt: providers get them with the schema.
"""

from __future__ import annotations

from pydantic import BaseModel, Field


class ContradictionDraft(BaseModel):
    """A pair of statements that can't both hold."""

    first: int = Field(description="Number of the one statement.")
    second: int = Field(description="Number of the other.")
    text: str = Field(min_length=1, description="One sentence: what is contradictory.")


class GapDraft(BaseModel):
    """Something that is missing."""

    subject: str = Field(min_length=1, description="Two to five words to search for.")
    text: str = Field(min_length=1, description="One sentence: what is missing, why it matters.")
    cites: list[int] = Field(default_factory=list, description="Numbers of topics.")


class Findings(BaseModel):
    """What the report says beside its figures."""

    contradictions: list[ContradictionDraft] = Field(default_factory=list)
    gaps: list[GapDraft] = Field(default_factory=list)
    questions: list[int] = Field(default_factory=list, description="Numbers of question lines.")
