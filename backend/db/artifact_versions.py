"""Reads artifacts and their versions, for every kind alike."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from backend.db import sessions
from backend.db.artifact_tables import tables_of
from backend.db.paging import Page, decode_number, encode_cursor
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import ArtifactKind, Provenance, VersionKind
from backend.errors import NotFound

# Versions in which an unchanged input is looked for.
_LOOKED_BACK = 50


@dataclass(frozen=True)
class SavedVersion:
    """Where a version came to stand. `already_saved` if it stood there before this call."""

    artifact_id: str
    version: int
    kind: VersionKind
    already_saved: bool


@dataclass(frozen=True)
class StoredVersion:
    """One version, whole."""

    artifact_id: str
    number: int
    kind: VersionKind
    title: str
    content: dict[str, Any]
    provenance: Provenance
    created_at: datetime


@dataclass(frozen=True)
class VersionSummary:
    """A version as it is listed, without its content."""

    number: int
    kind: VersionKind
    title: str
    provenance: Provenance
    created_at: datetime
    is_current: bool


async def find_by_job(uow: UnitOfWork, kind: ArtifactKind, job_id: str) -> SavedVersion | None:
    """The version that job has saved, if any."""
    c = tables_of(kind).versions.c
    found = await uow.connection.execute(
        select(c.artifact_id, c.number, c.kind).where(c.job_id == job_id)
    )
    row = found.one_or_none()
    if row is None:
        return None
    return SavedVersion(row.artifact_id, row.number, VersionKind(row.kind), already_saved=True)


async def latest_number(uow: UnitOfWork, kind: ArtifactKind, session_id: str) -> int:
    """The highest number so far, drafts included; 0 for none. A job's `base_version`."""
    heads, versions = tables_of(kind).heads, tables_of(kind).versions
    return (
        await uow.connection.scalar(
            select(func.max(versions.c.number))
            .join(heads, heads.c.id == versions.c.artifact_id)
            .where(heads.c.session_id == session_id)
        )
    ) or 0


async def current(
    uow: UnitOfWork, kind: ArtifactKind, owner: str, session_id: str
) -> StoredVersion:
    """The current version. Raises NotFound("session") or NotFound(kind)."""
    await sessions.get(uow, owner, session_id)
    return await require_current(uow, kind, session_id)


async def find_current(
    uow: UnitOfWork, kind: ArtifactKind, session_id: str
) -> StoredVersion | None:
    """The current version of a session that is known to be the caller's, if there is one."""
    tables = tables_of(kind)
    query = _whole(kind, session_id).where(
        tables.versions.c.number == tables.heads.c.current_version
    )
    row = (await uow.connection.execute(query)).one_or_none()
    return None if row is None else _stored(row)


async def get_version(
    uow: UnitOfWork, kind: ArtifactKind, owner: str, session_id: str, number: int
) -> StoredVersion:
    """Version `number`. Raises NotFound("session"), NotFound(kind) or NotFound("version")."""
    await sessions.get(uow, owner, session_id)
    query = _whole(kind, session_id).where(tables_of(kind).versions.c.number == number)
    row = (await uow.connection.execute(query)).one_or_none()
    if row is not None:
        return _stored(row)
    if await latest_number(uow, kind, session_id) == 0:
        raise NotFound(kind.name)
    raise NotFound("version")


async def list_versions(
    uow: UnitOfWork,
    kind: ArtifactKind,
    owner: str,
    session_id: str,
    *,
    limit: int,
    cursor: str | None = None,
) -> Page[VersionSummary]:
    """Versions, newest first; none at all is an empty page.

    Raises NotFound("session"), and InvalidQuery for a cursor that isn't one.
    """
    await sessions.get(uow, owner, session_id)
    c = tables_of(kind).versions.c
    query = _summaries(kind, session_id)
    if cursor is not None:
        query = query.where(c.number < decode_number(cursor))
    rows = (await uow.connection.execute(query.limit(limit + 1))).all()
    items = [VersionSummary(**_typed(row)) for row in rows[:limit]]
    return Page(items, encode_cursor(items[-1].number) if len(rows) > limit else None)


async def made_by_agents(
    uow: UnitOfWork, kind: ArtifactKind, session_id: str
) -> list[VersionSummary]:
    """The newest versions that agents made, newest first; drafts aren't among them."""
    by_agents = tables_of(kind).versions.c.kind == VersionKind.AGENT.value
    query = _summaries(kind, session_id).where(by_agents)
    rows = (await uow.connection.execute(query.limit(_LOOKED_BACK))).all()
    return [VersionSummary(**_typed(row)) for row in rows]


async def require_current(uow: UnitOfWork, kind: ArtifactKind, session_id: str) -> StoredVersion:
    version = await find_current(uow, kind, session_id)
    if version is None:
        raise NotFound(kind.name)
    return version


def _summaries(kind: ArtifactKind, session_id: str) -> Select[Any]:
    """Without content, newest first."""
    heads, versions = tables_of(kind).heads, tables_of(kind).versions
    c = versions.c
    return (
        select(
            c.number,
            c.kind,
            c.title,
            c.provenance,
            c.created_at,
            (c.number == heads.c.current_version).label("is_current"),
        )
        .join(heads, heads.c.id == c.artifact_id)
        .where(heads.c.session_id == session_id)
        .order_by(c.number.desc())
    )


def _whole(kind: ArtifactKind, session_id: str) -> Select[Any]:
    heads, versions = tables_of(kind).heads, tables_of(kind).versions
    columns = [versions.c[field.name] for field in fields(StoredVersion)]
    return (
        select(*columns)
        .join(heads, heads.c.id == versions.c.artifact_id)
        .where(heads.c.session_id == session_id)
    )


def _stored(row: Row[Any]) -> StoredVersion:
    return StoredVersion(**_typed(row))


def _typed(row: Row[Any]) -> dict[str, Any]:
    values = row._asdict()
    values["kind"] = VersionKind(values["kind"])
    values["provenance"] = Provenance.model_validate(values["provenance"])
    return values
