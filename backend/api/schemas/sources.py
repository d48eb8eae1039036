"""The sources for a session as they are sent and answered."""

from __future__ import annotations

from pydantic import Field

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
