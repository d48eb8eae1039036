"""What the model is asked for about one part of the material.

The descriptions are part of the prompt: providers get them with the schema.
"""

from __future__ import annotations

from pydantic import BaseModel, Field


class TermDraft(BaseModel):
    """A term that the part explains."""

    term: str = Field(min_length=1, description="The term in its dictionary form.")
    cites: list[int] = Field(
        default_factory=list, description="Numbers of the sentences that explain it."
    )


class TopicDraft(BaseModel):
    """One topic: consecutive sentences on one subject."""

    title: str = Field(default="", description="Two to seven words, no full stop.")
    first: int = Field(description="Number of its first sentence.")
    last: int = Field(description="Number of its last sentence.")
    level: int = Field(default=2, ge=1, le=4, description="1 is a main subject.")
    gist: str = Field(default="", description="One sentence: what matters most in it.")
    cites: list[int] = Field(
        default_factory=list, description="Numbers of the sentences that say what the gist says."
    )
    terms: list[TermDraft] = Field(default_factory=list)


class QuestionDraft(BaseModel):
    """A question to check oneself, with its answer."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1, description="One or two sentences.")
    cites: list[int] = Field(
        default_factory=list, description="Numbers of the sentences that hold the answer."
    )


class PartSurvey(BaseModel):
    """The survey of one part, in the material's order."""

    topics: list[TopicDraft]
    questions: list[QuestionDraft] = Field(default_factory=list)
