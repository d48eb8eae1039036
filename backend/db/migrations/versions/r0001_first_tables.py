"""Sessions, materials, earlier queries, synopses and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_sessions()
    _create_materials()
    _create_session_queries()
    _create_synopses()


def downgrade() -> None:
    for table in (
        "synopsis_versions",
        "synopses",
        "session_queries",
        "materials",
        "sessions",
    ):
        op.drop_table(table)


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("goal", sa.Text()),
        sa.Column("focus", sa.Text()),
        sa.Column("tone", sa.Text()),
        sa.Column("language", sa.String(35)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_owner_created_at_id", "sessions", ["owner", "created_at", "id"])


def _create_materials() -> None:
    op.create_table(
        "materials",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("encoding", sa.String(32)),
        sa.Column("language", sa.String(35)),
        sa.Column("chars", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        _belongs_to_session("materials"),
        sa.PrimaryKeyConstraint("id", name="pk_materials"),
        sa.UniqueConstraint("session_id", "position", name="uq_materials_session_id_position"),
    )


def _create_session_queries() -> None:
    op.create_table(
        "session_queries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("agent", sa.String(64), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        _belongs_to_session("session_queries"),
        sa.PrimaryKeyConstraint("id", name="pk_session_queries"),
        sa.UniqueConstraint("job_id", name="uq_session_queries_job_id"),
    )
    op.create_index(
        "ix_session_queries_session_id_agent_created_at",
        "session_queries",
        ["session_id", "agent", "created_at"],
    )


def _create_synopses() -> None:
    op.create_table(
        "synopses",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        _belongs_to_session("synopses"),
        sa.PrimaryKeyConstraint("id", name="pk_synopses"),
        sa.UniqueConstraint("session_id", name="uq_synopses_session_id"),
    )
    op.create_table(
        "synopsis_versions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("artifact_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.String(64)),
        sa.Column("attempt", sa.Integer()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["artifact_id"],
            ["synopses.id"],
            name="fk_synopsis_versions_artifact_id_synopses",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_synopsis_versions"),
        sa.UniqueConstraint(
            "artifact_id", "number", name="uq_synopsis_versions_artifact_id_number"
        ),
        sa.UniqueConstraint("job_id", name="uq_synopsis_versions_job_id"),
    )


def _belongs_to_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["session_id"],
        ["sessions.id"],
        name=f"fk_{table}_session_id_sessions",
        ondelete="CASCADE",
    )
