"""What a caller can ask of the source finder."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.agents.synopsis_manager.query import LanguageTag

Topic = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class SourcesQuery(BaseModel):
    """`topics` are gaps the person knows of; others are found in the plan, the report, the notes
    and the material. The offline model doesn't follow `instructions`.
    """

    model_config = ConfigDict(extra="forbid")

    topics: list[Topic] = Field(default_factory=list, max_length=10)
    instructions: str | None = Field(default=None, max_length=2_000)
    language: LanguageTag | None = None
    max_sources: int = Field(default=12, ge=1, le=50)
