"""The synopsis of a session, its versions, and a person's changes to it.

As files, and compared: `synopsis_views.py`.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response

from backend.api.deps import CallerDep, EngineDep, PageCursor, PageLimit, QueueDep
from backend.api.etags import edited_version
from backend.api.open_jobs import find_generation, find_generation_if_reachable
from backend.api.problems import problems
from backend.api.schemas.base import ListPage
from backend.api.schemas.synopsis import (
    SynopsisEdit,
    SynopsisMissing,
    SynopsisOut,
    SynopsisVersionOut,
    VersionOut,
)
from backend.api.synopsis_answers import (
    current_answer,
    listed_version,
    missing_answer,
    version_answer,
)
from backend.db import artifacts
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS
from backend.errors import NotFound

router = APIRouter(prefix="/sessions/{session_id}/synopsis", tags=["synopsis"])

Number = Annotated[int, Path(ge=1, le=999_999_999)]
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the ETag in If-None-Match"}
}


@router.get(
    "",
    response_model=SynopsisOut,
    responses={**problems(503, of_404=SynopsisMissing), **_NOT_MODIFIED},
)
async def get_synopsis(
    session_id: str,
    caller: CallerDep,
    engine: EngineDep,
    queue: QueueDep,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The current notes, and in `generation` whether new ones are being made.

    Without notes so far: 404 `synopsis_not_found`, which carries `generation` as well.
    """
    try:
        async with UnitOfWork(engine, read_only=True) as uow:
            version = await artifacts.current(uow, SYNOPSIS, caller.user_id, session_id)
    except NotFound as error:
        if error.code != f"{SYNOPSIS.name}_not_found":
            raise
        generation = await find_generation(queue, caller.user_id, session_id, SYNOPSIS)
        return missing_answer(error, generation)
    generation = await find_generation_if_reachable(queue, caller.user_id, session_id, SYNOPSIS)
    return current_answer(version, generation, if_none_match=if_none_match)


@router.put("", response_model=SynopsisOut, responses=problems(404, 412, 422, 428, 503))
async def edit_synopsis(
    session_id: str,
    body: SynopsisEdit,
    caller: CallerDep,
    engine: EngineDep,
    queue: QueueDep,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Save a person's change as a new version; `If-Match` says of which one it is a change."""
    of_version = edited_version(if_match)
    async with UnitOfWork(engine) as uow:
        before = await artifacts.current(uow, SYNOPSIS, caller.user_id, session_id)
        content = body.model_dump(mode="json", by_alias=True)
        content["language"] = body.language or before.content["language"]
        await artifacts.edit(
            uow, SYNOPSIS, caller.user_id, session_id, content=content, if_match=of_version
        )
        after = await artifacts.current(uow, SYNOPSIS, caller.user_id, session_id)
        await uow.commit()
    generation = await find_generation_if_reachable(queue, caller.user_id, session_id, SYNOPSIS)
    return current_answer(after, generation)


@router.get("/versions", responses=problems(404, 422, 503))
async def list_synopsis_versions(
    session_id: str,
    caller: CallerDep,
    engine: EngineDep,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> ListPage[VersionOut]:
    """All versions without their items, newest first."""
    async with UnitOfWork(engine, read_only=True) as uow:
        page = await artifacts.list_versions(
            uow, SYNOPSIS, caller.user_id, session_id, limit=limit, cursor=cursor
        )
    return ListPage[VersionOut](
        items=[listed_version(each) for each in page.items], next_cursor=page.next_cursor
    )


@router.get("/versions/{number}", responses=problems(404, 422, 503))
async def get_synopsis_version(
    session_id: str, number: Number, caller: CallerDep, engine: EngineDep
) -> SynopsisVersionOut:
    """One version, whole."""
    async with UnitOfWork(engine, read_only=True) as uow:
        return version_answer(
            await artifacts.get_version(uow, SYNOPSIS, caller.user_id, session_id, number)
        )


@router.post(
    "/versions/{number}/restore",
    status_code=201,
    response_model=SynopsisOut,
    responses={
        **problems(404, 422, 503),
        200: {"model": SynopsisOut, "description": "The current version says the same already"},
    },
)
async def restore_synopsis_version(
    session_id: str, number: Number, caller: CallerDep, engine: EngineDep, queue: QueueDep
) -> Response:
    """Make an earlier version, or a draft, current again: as a new version, over nothing."""
    async with UnitOfWork(engine) as uow:
        saved = await artifacts.restore(uow, SYNOPSIS, caller.user_id, session_id, number)
        current = await artifacts.current(uow, SYNOPSIS, caller.user_id, session_id)
        await uow.commit()
    generation = await find_generation_if_reachable(queue, caller.user_id, session_id, SYNOPSIS)
    return current_answer(current, generation, status=200 if saved.already_saved else 201)
