"""Limits of single users."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user_limits",
        sa.Column("user_id", sa.String(80), nullable=False),
        sa.Column("rates", sa.Text(), nullable=False),
        sa.Column("concurrency", sa.Text(), nullable=False),
        sa.Column("tokens_per_day", sa.Text(), nullable=False),
        sa.Column("cost_per_day", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_user_limits"),
    )


def downgrade() -> None:
    op.drop_table("user_limits")
