"""Course plans and session reports, each with their versions."""

from __future__ import annotations

from alembic import op

from backend.db.migrations.artifact_tables import create_artifact_tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_artifact_tables("plans", "plan_versions")
    create_artifact_tables("session_reports", "report_versions")


def downgrade() -> None:
    for table in ("report_versions", "session_reports", "plan_versions", "plans"):
        op.drop_table(table)
