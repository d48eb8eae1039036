"""What every kind of versioned artifact answers beside its own content."""

from __future__ import annotations

from datetime import datetime

from backend.api.schemas.base import Problem, ResponseModel
from backend.domain.artifacts import GroundingReport, Provenance, VersionKind
from backend.domain.events import Progress
from backend.domain.states import JobState
from backend.domain.synopsis_diff import SynopsisDiff


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


class OfVersion(ResponseModel):
    """Which version the content is of, and how it stands to the material."""

    version: int
    kind: VersionKind
    provenance: Provenance
    grounding: GroundingReport


class WholeVersion(OfVersion):
    """One version, whole."""

    created_at: datetime


class CurrentVersion(OfVersion):
    """The current version, and whether a next one is being made."""

    updated_at: datetime
    generation: GenerationOut | None


class ArtifactDiffOut(SynopsisDiff):
    """What version `version` has that `against` hasn't, and the other way round."""

    version: int
    against: int


class ArtifactMissing(Problem):
    """There is none yet; `generation` tells whether it is being made.

    A 404 of the session itself says nothing of that.
    """

    generation: GenerationOut | None = None
