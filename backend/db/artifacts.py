"""Changes artifacts, for every kind alike.

Nothing is ever overwritten: each change is a new version, numbered from 1 without gaps, and the
head points at the current one. Writers to one session take turns on the session's row, so that
numbers and the job's uniqueness are decided by one writer at a time; the unique constraints
stand behind that.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select, update

from backend.db import sessions
from backend.db.artifact_tables import tables_of
from backend.db.artifact_versions import (
    SavedVersion,
    StoredVersion,
    VersionSummary,
    current,
    find_by_job,
    find_current,
    get_version,
    latest_number,
    list_versions,
    made_by_agents,
    require_current,
)
from backend.db.column_types import new_id, utc_now
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import ArtifactKind, Provenance, VersionKind
from backend.errors import VersionChanged

__all__ = [
    "SavedVersion",
    "StoredVersion",
    "VersionSummary",
    "current",
    "edit",
    "find_by_job",
    "find_current",
    "get_version",
    "latest_number",
    "list_versions",
    "made_by_agents",
    "restore",
    "save_version",
]

_BY_A_PERSON = (VersionKind.EDIT, VersionKind.RESTORE)


async def save_version(
    uow: UnitOfWork,
    kind: ArtifactKind,
    owner: str,
    session_id: str,
    *,
    content: dict[str, Any],
    provenance: Provenance,
    base_version: int,
) -> SavedVersion:
    """Save what a job made, once.

    A job that has a version already gets that one back, whatever it brings. `base_version` is the
    highest number there was when the job read the session (0 for none): if a person saved one
    since, the job's becomes a draft beside it and the current version stays.

    Raises NotFound("session"); pydantic's ValidationError for content that isn't of the kind.
    """
    await sessions.hold(uow, owner, session_id)
    if provenance.job_id is not None:
        saved = await find_by_job(uow, kind, provenance.job_id)
        if saved is not None:
            return saved
    versions = tables_of(kind).versions
    artifact_id = await _head(uow, kind, session_id)
    edited_since = await uow.connection.scalar(
        select(versions.c.id)
        .where(
            versions.c.artifact_id == artifact_id,
            versions.c.number > base_version,
            versions.c.kind.in_(_BY_A_PERSON),
        )
        .limit(1)
    )
    version_kind = VersionKind.DRAFT if edited_since else VersionKind.AGENT
    number = await _append(uow, kind, artifact_id, version_kind, content, provenance)
    await sessions.touch(uow, session_id)
    return SavedVersion(artifact_id, number, version_kind, already_saved=False)


async def edit(
    uow: UnitOfWork,
    kind: ArtifactKind,
    owner: str,
    session_id: str,
    *,
    content: dict[str, Any],
    if_match: int,
) -> SavedVersion:
    """Save a person's change of version `if_match`.

    Raises NotFound("session"), NotFound(kind), and VersionChanged if another one is current.
    """
    await sessions.hold(uow, owner, session_id)
    latest = await require_current(uow, kind, session_id)
    require_version(latest.number, if_match)
    number = await _append(uow, kind, latest.artifact_id, VersionKind.EDIT, content, Provenance())
    await sessions.touch(uow, session_id)
    return SavedVersion(latest.artifact_id, number, VersionKind.EDIT, already_saved=False)


def require_version(current: int, if_match: int) -> None:
    """Raises VersionChanged unless the version that was changed is the current one."""
    if current != if_match:
        raise VersionChanged(
            f"You changed version {if_match}, and version {current} is current by now: "
            "look at that one and make your change there."
        )


async def restore(
    uow: UnitOfWork, kind: ArtifactKind, owner: str, session_id: str, number: int
) -> SavedVersion:
    """Make version `number`'s content current again, as a new version.

    If it is what's current anyway nothing is added, so that a second click does no harm.
    Raises NotFound("session"), NotFound(kind) or NotFound("version").
    """
    await sessions.hold(uow, owner, session_id)
    chosen = await get_version(uow, kind, owner, session_id, number)
    latest = await find_current(uow, kind, session_id)
    if latest is not None and latest.content == chosen.content:
        return SavedVersion(latest.artifact_id, latest.number, latest.kind, already_saved=True)
    made = await _append(
        uow, kind, chosen.artifact_id, VersionKind.RESTORE, chosen.content, Provenance()
    )
    await sessions.touch(uow, session_id)
    return SavedVersion(chosen.artifact_id, made, VersionKind.RESTORE, already_saved=False)


async def _head(uow: UnitOfWork, kind: ArtifactKind, session_id: str) -> str:
    """The id of the session's artifact, made if need be. The session must be held."""
    heads = tables_of(kind).heads
    known = await uow.connection.scalar(select(heads.c.id).where(heads.c.session_id == session_id))
    if known is not None:
        return str(known)
    head_id = new_id()
    await uow.connection.execute(
        insert(heads).values(
            id=head_id, session_id=session_id, current_version=0, updated_at=utc_now()
        )
    )
    return head_id


async def _append(
    uow: UnitOfWork,
    kind: ArtifactKind,
    artifact_id: str,
    version_kind: VersionKind,
    content: dict[str, Any],
    provenance: Provenance,
) -> int:
    """Add the next version; it becomes current unless it is a draft. The session must be held."""
    heads, versions = tables_of(kind).heads, tables_of(kind).versions
    checked = kind.content_model.model_validate(content).model_dump(mode="json", by_alias=True)
    last = await uow.connection.scalar(
        select(func.max(versions.c.number)).where(versions.c.artifact_id == artifact_id)
    )
    number = (last or 0) + 1
    now = utc_now()
    await uow.connection.execute(
        insert(versions).values(
            id=new_id(),
            artifact_id=artifact_id,
            number=number,
            kind=version_kind.value,
            # A model can write a NUL, which PostgreSQL takes within JSON and not in a text.
            title=checked.get("title", "").replace("\x00", ""),
            content=checked,
            provenance=provenance.model_dump(mode="json", by_alias=True),
            job_id=provenance.job_id,
            attempt=provenance.attempt,
            created_at=now,
        )
    )
    if version_kind is not VersionKind.DRAFT:
        await uow.connection.execute(
            update(heads)
            .where(heads.c.id == artifact_id)
            .values(current_version=number, updated_at=now)
        )
    return number
