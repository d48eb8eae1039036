"""The full-text index of the materials, and what tells PostgreSQL's from SQLite's.

Each passage's row has its terms as one text, stemmed by us, because SQLite stems no Russian; the
first two terms stand for the owner and the session, so that looking through one person's library
costs nothing of another's. On PostgreSQL a GIN index lies over that text, on SQLite an FTS5 table,
which triggers keep in step: whatever removes a passage, a deleted session too, removes it there in
the same transaction. `LIBRARY_INDEX` is the name of either; no table of this package declares it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    cast,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from backend.db.tables import passages
from backend.db.unit_of_work import UnitOfWork
from backend.domain.library import Passage

LIBRARY_INDEX = "library_index"

_POSTGRES = (
    "CREATE INDEX library_index ON library_passages "
    "USING gin (array_to_tsvector(string_to_array(terms, ' '))) "
    # What is put off, each search until the next vacuum pays for.
    "WITH (fastupdate = off)",
)
_SQLITE = (
    "CREATE VIRTUAL TABLE library_index USING fts5(terms, content='library_passages', "
    "content_rowid='id', detail='none', columnsize=0, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
    "CREATE TRIGGER library_passages_added AFTER INSERT ON library_passages BEGIN "
    "INSERT INTO library_index(rowid, terms) VALUES (new.id, new.terms); END",
    "CREATE TRIGGER library_passages_removed AFTER DELETE ON library_passages BEGIN "
    "INSERT INTO library_index(library_index, rowid, terms) "
    "VALUES ('delete', old.id, old.terms); END",
)


def index_statements(dialect: str) -> tuple[str, ...]:
    """What makes the index on the empty table of passages."""
    return _POSTGRES if dialect == "postgresql" else _SQLITE


def is_of_index(name: str | None) -> bool:
    """Whether a table or index of this name is the index, or one of FTS5's own tables for it."""
    return name is not None and name.startswith(LIBRARY_INDEX)


def rows_of(
    owner: str, session_id: str, material_id: str, found: Sequence[Passage]
) -> list[dict[str, object]]:
    """The rows of a material's passages."""
    whose = (_owner_term(owner), _session_term(session_id))
    return [
        {
            "material_id": material_id,
            "start_char": passage.start,
            "end_char": passage.end,
            "terms": " ".join((*whose, *passage.terms)),
        }
        for passage in found
    ]


async def add(
    uow: UnitOfWork, owner: str, session_id: str, material_id: str, found: Sequence[Passage]
) -> None:
    """Make a material found by its passages."""
    if found:
        rows = rows_of(owner, session_id, material_id, found)
        await uow.connection.execute(insert(passages), rows)


async def insist_on_it(uow: UnitOfWork) -> None:
    """Have the index used for the rest of the transaction.

    PostgreSQL believes that reading each passage and making its terms out of the text costs next to
    nothing, and for a common term does that.
    """
    if uow.connection.dialect.name == "postgresql":
        await uow.connection.execute(text("SET LOCAL enable_seqscan = off"))


@dataclass(frozen=True)
class Shelf:
    """Whose passages are looked through on which database, and which session's are left out."""

    dialect: str
    owner: str
    except_session: str | None = None

    def having(self, *terms: str, limit: int) -> Select[int]:
        """The ids of up to `limit` passages that have all of `terms`."""
        with_all = [_owner_term(self.owner), *terms]
        without = [_session_term(self.except_session)] if self.except_session else []
        if self.dialect == "postgresql":
            wanted = " & ".join([f"'{one}'" for one in with_all] + [f"!'{s}'" for s in without])
            # Word for word as in the index, or PostgreSQL wouldn't use it.
            indexed: ColumnElement[Any] = literal_column(
                "array_to_tsvector(string_to_array(terms, ' '))"
            )
            has_them = indexed.op("@@")(cast(literal(wanted, Text), TSQUERY))
            return select(passages.c.id).where(has_them).limit(limit)
        wanted = " AND ".join(f'"{one}"' for one in with_all)
        wanted = " NOT ".join([f"({wanted})", *(f'"{one}"' for one in without)])
        return (
            select(literal_column("rowid", Integer).label("id"))
            .select_from(table(LIBRARY_INDEX))
            .where(literal_column(LIBRARY_INDEX).op("MATCH")(wanted))
            .limit(limit)
        )


# Underscores stand in no word's term, so no text can pass for another owner's.
def _owner_term(owner: str) -> str:
    return f"o_{_digest(owner)}"


def _session_term(session_id: str) -> str:
    return f"s_{_digest(session_id)}"


def _digest(whole: str) -> str:
    return hashlib.sha256(whole.encode()).hexdigest()[:20]
