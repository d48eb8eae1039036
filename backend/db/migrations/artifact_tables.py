"""The two tables of a kind of artifact, as the migrations from 0004 on make them.

What is out stays as it is: other tables would take another function.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

_TIME = sa.DateTime(timezone=True)


def create_artifact_tables(heads: str, versions: str) -> None:
    """A head per session in `heads`, and its versions in `versions`."""
    op.create_table(
        heads,
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        _owned_by("session_id", "sessions", of=heads),
        sa.PrimaryKeyConstraint("id", name=f"pk_{heads}"),
        sa.UniqueConstraint("session_id", name=f"uq_{heads}_session_id"),
    )
    op.create_table(
        versions,
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
        _owned_by("artifact_id", heads, of=versions),
        sa.PrimaryKeyConstraint("id", name=f"pk_{versions}"),
        sa.UniqueConstraint("artifact_id", "number", name=f"uq_{versions}_artifact_id_number"),
        sa.UniqueConstraint("job_id", name=f"uq_{versions}_job_id"),
    )


def _owned_by(column: str, owner: str, *, of: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{of}_{column}_{owner}"
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete="CASCADE")
