"""The synopsis as a file, and what changed from one version to another."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.api.deps import CallerDep, EngineDep
from backend.api.problems import problems
from backend.api.routes.synopsis import Number
from backend.api.schemas.synopsis import SynopsisDiffOut
from backend.api.synopsis_files import MEDIA_TYPES, file_answer
from backend.db import artifacts, materials
from backend.db.artifacts import StoredVersion
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS, Synopsis
from backend.domain.synopsis_diff import diff_synopses
from backend.exports.notes import SourceMaterial, with_sources

router = APIRouter(prefix="/sessions/{session_id}/synopsis", tags=["synopsis"])


class ExportFormat(StrEnum):
    """`anki`: a deck of the definitions (.apkg)."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"
    ANKI = "anki"


@router.get(
    "/export",
    response_class=Response,
    responses={
        **problems(404, 422, 503),
        200: {
            "content": {
                kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for kind in MEDIA_TYPES.values()
            }
        },
    },
)
async def export_synopsis(
    session_id: str,
    caller: CallerDep,
    engine: EngineDep,
    format: ExportFormat = ExportFormat.MD,
    version: Annotated[
        int | None, Query(ge=1, le=999_999_999, description="The current one without")
    ] = None,
) -> Response:
    """The notes as a file, with the passages that they rest on."""
    async with UnitOfWork(engine, read_only=True) as uow:
        stored = await _stored(uow, caller.user_id, session_id, version)
        notes = Synopsis.model_validate(stored.content)
        cited = {source.material_id for item in notes.items for source in item.sources}
        found = await materials.titles_and_texts(uow, session_id, cited)
    shown = with_sources(notes, {key: SourceMaterial(*each) for key, each in found.items()})
    return await asyncio.to_thread(file_answer, shown, format.value, session_id)


@router.get("/versions/{number}/diff", responses=problems(404, 422, 503))
async def diff_synopsis_versions(
    session_id: str,
    number: Number,
    caller: CallerDep,
    engine: EngineDep,
    against: Annotated[int, Query(ge=1, le=999_999_999, description="The version before")],
) -> SynopsisDiffOut:
    """What makes version `number` out of version `against`, item by item, word by word."""
    async with UnitOfWork(engine, read_only=True) as uow:
        after = await _stored(uow, caller.user_id, session_id, number)
        before = await _stored(uow, caller.user_id, session_id, against)
    found = await asyncio.to_thread(
        diff_synopses,
        Synopsis.model_validate(before.content),
        Synopsis.model_validate(after.content),
    )
    return SynopsisDiffOut(version=number, against=against, **dict(found))


async def _stored(
    uow: UnitOfWork, user_id: str, session_id: str, version: int | None
) -> StoredVersion:
    if version is None:
        return await artifacts.current(uow, SYNOPSIS, user_id, session_id)
    return await artifacts.get_version(uow, SYNOPSIS, user_id, session_id, version)
