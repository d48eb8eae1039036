"""The sources for a session as they are sent and answered."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from backend.api.schemas.artifacts import CurrentVersion, WholeVersion
from backend.api.schemas.base import LanguageTag, RequestModel, Title
from backend.domain.sources import FoundSource, Sources

LISTED_AT_MOST = 500


class SourcesVersionOut(WholeVersion, Sources):
    """One version, whole."""


class SourcesOut(CurrentVersion, Sources):
    """The current version, and whether a next one is being made."""


class SourcesEdit(RequestModel):
    """A person's change: which sources stay, in which order. Gaps and searches stay as they are."""

    title: Title
    language: LanguageTag | None = None
    sources: list[FoundSource] = Field(max_length=LISTED_AT_MOST)

    @model_validator(mode="after")
    def _leads_to_the_web(self) -> Self:
        for number, source in enumerate(self.sources):
            if source.url and not source.url.lower().startswith(("https://", "http://")):
                raise PydanticCustomError(
                    "web_address",
                    "sources.{number}.url must begin with https:// or http://.",
                    {"number": number},
                )
        return self
