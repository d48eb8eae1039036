"""The session's report as it is sent and answered."""

from __future__ import annotations

from pydantic import Field

from backend.api.schemas.artifacts import CurrentVersion, WholeVersion
from backend.api.schemas.base import LanguageTag, RequestModel, Title
from backend.domain.analytics import (
    Analytics,
    Contradiction,
    EarlyTerm,
    ReportGap,
    SelfCheck,
)

LISTED_AT_MOST = 500


class AnalyticsVersionOut(WholeVersion, Analytics):
    """One version, whole."""


class AnalyticsOut(CurrentVersion, Analytics):
    """The current version, and whether a next one is being made."""


class AnalyticsEdit(RequestModel):
    """A person's change. What is left out stays as it is, and so do all the figures.

    `topic_titles` names all topics, in the report's order.
    """

    title: Title
    language: LanguageTag | None = None
    topic_titles: list[Title] | None = Field(default=None, max_length=LISTED_AT_MOST)
    gaps: list[ReportGap] | None = Field(default=None, max_length=LISTED_AT_MOST)
    contradictions: list[Contradiction] | None = Field(default=None, max_length=LISTED_AT_MOST)
    early_terms: list[EarlyTerm] | None = Field(default=None, max_length=LISTED_AT_MOST)
    questions: list[SelfCheck] | None = Field(default=None, max_length=LISTED_AT_MOST)
