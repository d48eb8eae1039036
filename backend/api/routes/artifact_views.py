"""A session's artifacts as files, and what changed from one version to another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from backend.api.artifact_files import MEDIA_TYPES, file_answer
from backend.api.artifact_kinds import SERVED
from backend.api.deps import CallerDep, EngineDep
from backend.api.problems import problems
from backend.api.routes.artifacts import Number, Served, router_of
from backend.api.schemas.artifacts import ArtifactDiffOut
from backend.db import artifacts, materials
from backend.db.artifacts import StoredVersion
from backend.db.unit_of_work import UnitOfWork
from backend.domain.synopsis_diff import diff_synopses
from backend.exports.notes import SourceMaterial, with_sources

router = APIRouter()


class ExportFormat(StrEnum):
    """`anki`: a deck of the definitions and questions (.apkg)."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"
    ANKI = "anki"


def _views_of(served: Served) -> APIRouter:
    own = router_of(served)
    files = {
        kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for kind in MEDIA_TYPES.values()
    }
    own.get(
        "/export",
        name=f"export_{served.name}",
        response_class=Response,
        responses={**problems(404, 422, 503), 200: {"content": files}},
    )(_export(served))
    own.get(
        "/versions/{number}/diff",
        name=f"diff_{served.name}_versions",
        responses=problems(404, 422, 503),
    )(_diff(served))
    return own


def _export(served: Served) -> Callable[..., Any]:
    async def export(
        session_id: str,
        caller: CallerDep,
        engine: EngineDep,
        format: ExportFormat = ExportFormat.MD,
        version: Annotated[
            int | None, Query(ge=1, le=999_999_999, description="The current one without")
        ] = None,
    ) -> Response:
        """A version as a file, with the passages that it rests on."""
        async with UnitOfWork(engine, read_only=True) as uow:
            stored = await _stored(uow, served, caller.user_id, session_id, version)
            notes = served.notes_of(stored.content)
            cited = {source.material_id for item in notes.items for source in item.sources}
            found = await materials.titles_and_texts(uow, session_id, cited)
        shown = with_sources(notes, {key: SourceMaterial(*each) for key, each in found.items()})
        return await asyncio.to_thread(
            file_answer, shown, format.value, f"{session_id}/{served.name}", served.name
        )

    return export


def _diff(served: Served) -> Callable[..., Any]:
    async def diff(
        session_id: str,
        number: Number,
        caller: CallerDep,
        engine: EngineDep,
        against: Annotated[int, Query(ge=1, le=999_999_999, description="The version before")],
    ) -> ArtifactDiffOut:
        """What makes version `number` out of version `against`, item by item, word by word."""
        async with UnitOfWork(engine, read_only=True) as uow:
            after = await _stored(uow, served, caller.user_id, session_id, number)
            before = await _stored(uow, served, caller.user_id, session_id, against)
        found = await asyncio.to_thread(
            diff_synopses, served.notes_of(before.content), served.notes_of(after.content)
        )
        return ArtifactDiffOut(version=number, against=against, **dict(found))

    return diff


async def _stored(
    uow: UnitOfWork, served: Served, user_id: str, session_id: str, version: int | None
) -> StoredVersion:
    if version is None:
        return await artifacts.current(uow, served.kind, user_id, session_id)
    return await artifacts.get_version(uow, served.kind, user_id, session_id, version)


for _served in SERVED:
    router.include_router(_views_of(_served))
