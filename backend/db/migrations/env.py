"""What Alembic runs. `backend/db/upgrade.py` hands it a connection in an open transaction."""

from __future__ import annotations

from alembic import context

from backend.db.artifact_tables import complete_metadata
from backend.db.library_index import is_of_index

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=complete_metadata(),
    # SQLite can't alter a table in place: Alembic copies it.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_object=lambda _object, name, *_told: not is_of_index(name),
)
with context.begin_transaction():
    context.run_migrations()
