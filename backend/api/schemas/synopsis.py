"""The synopsis as it is sent and answered."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from backend.api.schemas.base import (
    LanguageTag,
    Problem,
    RequestModel,
    ResponseModel,
    Title,
)
from backend.domain.artifacts import GroundingReport, Provenance, SynopsisItem, VersionKind
from backend.domain.events import Progress
from backend.domain.states import JobState
from backend.domain.synopsis_diff import SynopsisDiff

ITEMS_AT_MOST = 5_000


class GenerationOut(ResponseModel):
    """The run that is making the next version now."""

    status: JobState
    job_id: str
    progress: Progress | None = None


class VersionOut(ResponseModel):
    """A version in the list. A draft stands beside the current version, never over it."""

    version: int
    kind: VersionKind
    title: str
    is_current: bool
    created_at: datetime
    provenance: Provenance


class SynopsisVersionOut(ResponseModel):
    """One version, whole."""

    title: str
    language: str
    items: list[SynopsisItem]
    version: int
    kind: VersionKind
    created_at: datetime
    provenance: Provenance
    grounding: GroundingReport


class SynopsisOut(ResponseModel):
    """The current version, and whether a next one is being made."""

    title: str
    language: str
    items: list[SynopsisItem]
    version: int
    kind: VersionKind
    updated_at: datetime
    provenance: Provenance
    grounding: GroundingReport
    generation: GenerationOut | None


class SynopsisEdit(RequestModel):
    """A person's change, whole. `language` stays as it is if left out."""

    title: Title
    language: LanguageTag | None = None
    items: list[SynopsisItem] = Field(max_length=ITEMS_AT_MOST)


class SynopsisDiffOut(SynopsisDiff):
    """What version `version` has that `against` hasn't, and the other way round."""

    version: int
    against: int


class SynopsisMissing(Problem):
    """There are no notes yet; `generation` tells whether they are being made.

    A 404 of the session itself says nothing of that.
    """

    generation: GenerationOut | None = None
