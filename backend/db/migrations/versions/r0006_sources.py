"""Lists of sources with their versions."""

from __future__ import annotations

from alembic import op

from backend.db.migrations.artifact_tables import create_artifact_tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_artifact_tables("sources", "source_versions")


def downgrade() -> None:
    op.drop_table("source_versions")
    op.drop_table("sources")
