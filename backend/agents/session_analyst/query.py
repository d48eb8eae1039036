"""What a caller can ask of the session analyst."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from backend.agents.synopsis_manager.query import LanguageTag


class AnalyticsQuery(BaseModel):
    """The offline model neither follows `instructions` nor translates."""

    model_config = ConfigDict(extra="forbid")

    instructions: str | None = Field(default=None, max_length=2_000)
    language: LanguageTag | None = None
