"""The two tables of each kind of artifact: a head per session, and its versions.

A new kind is one line in `_TABLES` and a migration (migrations/artifact_tables.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from backend.db.column_types import UtcDateTime
from backend.db.tables import metadata
from backend.domain.analytics import ANALYTICS
from backend.domain.artifacts import SYNOPSIS, ArtifactKind
from backend.domain.plan import PLAN
from backend.domain.sources import SOURCES


@dataclass(frozen=True)
class ArtifactTables:
    """`heads` has one row per session and points at the current number in `versions`."""

    heads: Table
    versions: Table


def declare_artifact_tables(metadata: MetaData, *, heads: str, versions: str) -> ArtifactTables:
    """Declare both tables of one kind in `metadata`, under these names."""
    return ArtifactTables(
        heads=Table(
            heads,
            metadata,
            Column("id", String(32), primary_key=True),
            Column(
                "session_id",
                ForeignKey("sessions.id", ondelete="CASCADE"),
                nullable=False,
                unique=True,
            ),
            # 0 while every version so far is a draft.
            Column("current_version", Integer, nullable=False),
            Column("updated_at", UtcDateTime, nullable=False),
        ),
        versions=Table(
            versions,
            metadata,
            Column("id", String(32), primary_key=True),
            Column(
                "artifact_id",
                ForeignKey(f"{heads}.id", ondelete="CASCADE"),
                nullable=False,
            ),
            Column("number", Integer, nullable=False),
            Column("kind", String(16), nullable=False),
            Column("title", Text, nullable=False),
            Column("content", JSON, nullable=False),
            Column("provenance", JSON, nullable=False),
            # Beside the provenance, because uniqueness is what keeps a job to one version.
            Column("job_id", String(64), unique=True),
            Column("attempt", Integer),
            Column("created_at", UtcDateTime, nullable=False),
            UniqueConstraint("artifact_id", "number"),
        ),
    )


_TABLES = {
    SYNOPSIS: declare_artifact_tables(metadata, heads="synopses", versions="synopsis_versions"),
    PLAN: declare_artifact_tables(metadata, heads="plans", versions="plan_versions"),
    ANALYTICS: declare_artifact_tables(
        metadata, heads="session_reports", versions="report_versions"
    ),
    SOURCES: declare_artifact_tables(metadata, heads="sources", versions="source_versions"),
}


def tables_of(kind: ArtifactKind) -> ArtifactTables:
    """The tables of `kind`. Raises KeyError for a kind that is never saved."""
    return _TABLES[kind]


def saved_kinds() -> tuple[ArtifactKind, ...]:
    """All kinds that have tables."""
    return tuple(_TABLES)


def complete_metadata() -> MetaData:
    """The metadata with every table of the database in it."""
    return metadata
