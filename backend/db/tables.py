"""The tables of users, sessions and what belongs to them; artifacts: `artifact_tables.py`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from backend.db.column_types import UtcDateTime

# Named constraints, so that a migration can drop or change them on either database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(255), nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("goal", Text),
    Column("focus", Text),
    Column("tone", Text),
    Column("language", String(35)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "owner", "created_at", "id"),
)

materials = Table(
    "materials",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("format", String(16), nullable=False),
    Column("encoding", String(32)),
    Column("language", String(35)),
    Column("chars", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("session_id", "position"),
)

# What the library is searched by; its index: `library_index.py`.
passages = Table(
    "library_passages",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column(
        "material_id",
        ForeignKey("materials.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("terms", Text, nullable=False),
)

# What was asked of an agent before, one row per job that came to an end well.
session_queries = Table(
    "session_queries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("query", JSON, nullable=False),
    Column("job_id", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "session_id", "agent", "created_at"),
)

# With AUTH_MODE=token. The id is the name, and the owner of what the user has.
users = Table(
    "users",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

# `digest` is the token's SHA-256; the token itself is kept nowhere.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(100)),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

# What was set for one user, as it was written; '' for what the settings say. Users whom an
# identity provider vouches for stand in no table, so this one refers to none.
user_limits = Table(
    "user_limits",
    metadata,
    Column("user_id", String(80), primary_key=True),
    Column("rates", Text, nullable=False),
    Column("concurrency", Text, nullable=False),
    Column("tokens_per_day", Text, nullable=False),
    Column("cost_per_day", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
