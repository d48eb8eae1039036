"""The synopsis as it is sent and answered."""

from __future__ import annotations

from pydantic import Field

from backend.api.schemas.artifacts import CurrentVersion, WholeVersion
from backend.api.schemas.base import LanguageTag, RequestModel, Title
from backend.domain.artifacts import Synopsis, SynopsisItem

ITEMS_AT_MOST = 5_000


class SynopsisVersionOut(WholeVersion, Synopsis):
    """One version, whole."""


class SynopsisOut(CurrentVersion, Synopsis):
    """The current version, and whether a next one is being made."""


class SynopsisEdit(RequestModel):
    """A person's change, whole. `language` stays as it is if left out."""

    title: Title
    language: LanguageTag | None = None
    items: list[SynopsisItem] = Field(max_length=ITEMS_AT_MOST)
