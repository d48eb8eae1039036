"""Queries on a session's materials, in the order they were added."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select

from backend.db import library_index, sessions
from backend.db.column_types import is_id, new_id, utc_now
from backend.db.paging import Page, decode_number, encode_cursor
from backend.db.tables import materials
from backend.db.unit_of_work import UnitOfWork
from backend.domain.library import Passage, passages_of
from backend.errors import NotFound


@dataclass(frozen=True)
class NewMaterial:
    """What was read from a text or a file."""

    title: str
    text: str
    format: str
    encoding: str | None = None
    language: str | None = None

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """What the library finds it by. It takes a moment, the first time."""
        return passages_of(self.title, self.text)


@dataclass(frozen=True)
class StoredMaterial:
    """A material without its text. `chars` counts code points, `sha256` is of the UTF-8 text."""

    id: str
    session_id: str
    position: int
    title: str
    format: str
    encoding: str | None
    language: str | None
    chars: int
    sha256: str
    created_at: datetime


_COLUMNS = [materials.c[field.name] for field in fields(StoredMaterial)]


async def add(
    uow: UnitOfWork, owner: str, session_id: str, material: NewMaterial
) -> StoredMaterial:
    """Append a material to the session and to the library. Raises NotFound("session")."""
    await sessions.hold(uow, owner, session_id)
    last = await uow.connection.scalar(
        select(func.max(materials.c.position)).where(materials.c.session_id == session_id)
    )
    row = {
        **asdict(material),
        "id": new_id(),
        "session_id": session_id,
        "position": (last or 0) + 1,
        "chars": len(material.text),
        "sha256": hashlib.sha256(material.text.encode()).hexdigest(),
        "created_at": utc_now(),
    }
    inserted = await uow.connection.execute(insert(materials).values(row).returning(*_COLUMNS))
    stored = StoredMaterial(**inserted.one()._asdict())
    await library_index.add(uow, owner, session_id, stored.id, material.passages)
    await sessions.touch(uow, session_id)
    return stored


async def list_page(
    uow: UnitOfWork,
    owner: str,
    session_id: str,
    *,
    limit: int,
    cursor: str | None = None,
) -> Page[StoredMaterial]:
    """Raises NotFound("session"), and InvalidQuery for a cursor that isn't one."""
    await sessions.get(uow, owner, session_id)
    query = (
        select(*_COLUMNS).where(materials.c.session_id == session_id).order_by(materials.c.position)
    )
    if cursor is not None:
        query = query.where(materials.c.position > decode_number(cursor))
    rows = (await uow.connection.execute(query.limit(limit + 1))).all()
    items = [StoredMaterial(**row._asdict()) for row in rows[:limit]]
    return Page(items, encode_cursor(items[-1].position) if len(rows) > limit else None)


async def has_any(uow: UnitOfWork, session_id: str) -> bool:
    """Whether the session has any material."""
    found = select(materials.c.id).where(materials.c.session_id == session_id).limit(1)
    return await uow.connection.scalar(found) is not None


async def get_with_text(
    uow: UnitOfWork, owner: str, session_id: str, material_id: str
) -> tuple[StoredMaterial, str]:
    """A material and its text. Raises NotFound("session") or NotFound("material")."""
    await sessions.get(uow, owner, session_id)
    found = await uow.connection.execute(
        select(*_COLUMNS, materials.c.text).where(*_named(session_id, material_id))
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("material")
    values: dict[str, Any] = row._asdict()
    text: str = values.pop("text")
    return StoredMaterial(**values), text


async def titles_and_texts(
    uow: UnitOfWork, session_id: str, material_ids: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Of a session that is known to be the caller's, by id; what was deleted isn't among them."""
    found = await uow.connection.execute(
        select(materials.c.id, materials.c.title, materials.c.text).where(
            materials.c.session_id == session_id, materials.c.id.in_(material_ids)
        )
    )
    return {row.id: (row.title, row.text) for row in found}


async def remove(uow: UnitOfWork, owner: str, session_id: str, material_id: str) -> None:
    """Raises NotFound("session") or NotFound("material")."""
    await sessions.hold(uow, owner, session_id)
    removed = await uow.connection.execute(
        delete(materials).where(*_named(session_id, material_id)).returning(materials.c.id)
    )
    if removed.one_or_none() is None:
        raise NotFound("material")
    await sessions.touch(uow, session_id)


def _named(session_id: str, material_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    if not is_id(material_id):
        raise NotFound("material")
    return materials.c.session_id == session_id, materials.c.id == material_id
