"""Queries on sessions. Each takes the owner; someone else's session is as good as none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, tuple_, update

from backend.db.column_types import is_id, new_id, utc_now
from backend.db.paging import Page, bad_cursor, decode_cursor, encode_cursor
from backend.db.tables import sessions
from backend.db.unit_of_work import UnitOfWork
from backend.errors import NotFound


@dataclass(frozen=True)
class StoredSession:
    """A session as it stands in its table."""

    id: str
    owner: str
    title: str
    description: str | None
    goal: str | None
    focus: str | None
    tone: str | None
    language: str | None
    created_at: datetime
    updated_at: datetime


_COLUMNS = [sessions.c[field.name] for field in fields(StoredSession)]


async def create(uow: UnitOfWork, owner: str, values: Mapping[str, Any]) -> StoredSession:
    """Insert a session of `values` (title, and what else the person said)."""
    now = utc_now()
    row = {
        **values,
        "id": new_id(),
        "owner": owner,
        "created_at": now,
        "updated_at": now,
    }
    inserted = await uow.connection.execute(insert(sessions).values(row).returning(*_COLUMNS))
    return _stored(inserted.one())


async def get(uow: UnitOfWork, owner: str, session_id: str) -> StoredSession:
    """Raises NotFound("session")."""
    query = select(*_COLUMNS).where(*_owned(owner, session_id))
    row = (await uow.connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("session")
    return _stored(row)


async def hold(uow: UnitOfWork, owner: str, session_id: str) -> None:
    """Lock the session until the end of the transaction: writers to what it holds take turns.

    Raises NotFound("session").
    """
    found = await uow.connection.execute(
        select(sessions.c.id).where(*_owned(owner, session_id)).with_for_update()
    )
    if found.one_or_none() is None:
        raise NotFound("session")


async def list_page(
    uow: UnitOfWork, owner: str, *, limit: int, cursor: str | None = None
) -> Page[StoredSession]:
    """The owner's sessions, newest first. Raises InvalidQuery for a cursor that isn't one."""
    newest_first = (sessions.c.created_at.desc(), sessions.c.id.desc())
    query = select(*_COLUMNS).where(sessions.c.owner == owner).order_by(*newest_first)
    if cursor is not None:
        query = query.where(tuple_(sessions.c.created_at, sessions.c.id) < _position(cursor))
    rows = (await uow.connection.execute(query.limit(limit + 1))).all()
    items = [_stored(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return Page(items, None)
    return Page(items, encode_cursor(items[-1].created_at.isoformat(), items[-1].id))


async def change(
    uow: UnitOfWork, owner: str, session_id: str, values: Mapping[str, Any]
) -> StoredSession:
    """Set the given columns and leave the others. Raises NotFound("session")."""
    changed = await uow.connection.execute(
        update(sessions)
        .where(*_owned(owner, session_id))
        .values({**values, "updated_at": utc_now()})
        .returning(*_COLUMNS)
    )
    row = changed.one_or_none()
    if row is None:
        raise NotFound("session")
    return _stored(row)


async def touch(uow: UnitOfWork, session_id: str) -> None:
    """Note that something the session holds has changed."""
    await uow.connection.execute(
        update(sessions).where(sessions.c.id == session_id).values(updated_at=utc_now())
    )


async def remove(uow: UnitOfWork, owner: str, session_id: str) -> None:
    """Delete the session and everything it holds. Raises NotFound("session")."""
    removed = await uow.connection.execute(
        delete(sessions).where(*_owned(owner, session_id)).returning(sessions.c.id)
    )
    if removed.one_or_none() is None:
        raise NotFound("session")


def _owned(owner: str, session_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    if not is_id(session_id):
        raise NotFound("session")
    return sessions.c.id == session_id, sessions.c.owner == owner


def _position(cursor: str) -> tuple[datetime, str]:
    created_at, session_id = decode_cursor(cursor, 2)
    try:
        at = datetime.fromisoformat(created_at)
    except ValueError:
        raise bad_cursor() from None
    if at.tzinfo is None or not is_id(session_id):
        raise bad_cursor()
    return at, session_id


def _stored(row: Row[Any]) -> StoredSession:
    return StoredSession(**row._asdict())
