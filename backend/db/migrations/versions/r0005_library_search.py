"""The full-text index of the library, filled with the materials that there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db.library_index import index_statements, rows_of
from backend.domain.library import passages_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    passages = op.create_table(
        "library_passages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("material_id", sa.String(32), nullable=False),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["materials.id"],
            name="fk_library_passages_material_id_materials",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_library_passages"),
    )
    op.create_index("ix_library_passages_material_id", "library_passages", ["material_id"])
    for statement in index_statements(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    _fill(passages)


def downgrade() -> None:
    op.execute(
        "DROP INDEX library_index"
        if op.get_bind().dialect.name == "postgresql"
        else "DROP TABLE library_index"
    )
    op.drop_table("library_passages")


def _fill(passages: sa.Table) -> None:
    """One material at a time: all texts together may not fit into memory."""
    connection = op.get_bind()
    ids = connection.execute(sa.text("SELECT id FROM materials ORDER BY id")).scalars().all()
    one = sa.text(
        "SELECT m.title, m.text, m.session_id, s.owner FROM materials m "
        "JOIN sessions s ON s.id = m.session_id WHERE m.id = :id"
    )
    for material_id in ids:
        row = connection.execute(one, {"id": material_id}).one()
        rows = rows_of(row.owner, row.session_id, material_id, passages_of(row.title, row.text))
        if rows:
            connection.execute(sa.insert(passages), rows)
