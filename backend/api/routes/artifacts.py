"""A session's artifacts, their versions, and a person's changes: the same routes for every kind.

As files, and compared: `artifact_views.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response
from pydantic import BaseModel

from backend.api.artifact_answers import (
    current_answer,
    listed_version,
    missing_answer,
    version_answer,
)
from backend.api.artifact_kinds import SERVED, ServedKind
from backend.api.deps import CallerDep, EngineDep, PageCursor, PageLimit, QueueDep
from backend.api.etags import edited_version
from backend.api.open_jobs import find_generation, find_generation_if_reachable
from backend.api.problems import problems
from backend.api.schemas.artifacts import ArtifactMissing, VersionOut, WholeVersion
from backend.api.schemas.base import ListPage
from backend.db import artifacts
from backend.db.unit_of_work import UnitOfWork
from backend.errors import NotFound

router = APIRouter()

Number = Annotated[int, Path(ge=1, le=999_999_999)]
Served = ServedKind[Any, Any]
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the ETag in If-None-Match"}
}


def router_of(served: Served) -> APIRouter:
    """An empty router at the place of one kind."""
    return APIRouter(prefix=f"/sessions/{{session_id}}/{served.name}", tags=[served.name])


def _routes_of(served: Served) -> APIRouter:
    own, name = router_of(served), served.name
    own.get(
        "",
        name=f"get_{name}",
        response_model=served.current,
        responses={**problems(503, of_404=ArtifactMissing), **_NOT_MODIFIED},
    )(_get(served))
    own.put(
        "",
        name=f"edit_{name}",
        response_model=served.current,
        responses=problems(404, 412, 422, 428, 503),
    )(_edit(served))
    own.get("/versions", name=f"list_{name}_versions", responses=problems(404, 422, 503))(
        _list(served)
    )
    own.get(
        "/versions/{number}",
        name=f"get_{name}_version",
        response_model=served.whole,
        responses=problems(404, 422, 503),
    )(_get_version(served))
    same = {"model": served.current, "description": "The current version says the same already"}
    own.post(
        "/versions/{number}/restore",
        name=f"restore_{name}_version",
        status_code=201,
        response_model=served.current,
        responses={**problems(404, 422, 503), 200: same},
    )(_restore(served))
    return own


def _get(served: Served) -> Callable[..., Any]:
    async def get(
        session_id: str,
        caller: CallerDep,
        engine: EngineDep,
        queue: QueueDep,
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The current version, and in `generation` whether a new one is being made.

        Without one so far: a 404 that carries `generation` as well.
        """
        try:
            async with UnitOfWork(engine, read_only=True) as uow:
                version = await artifacts.current(uow, served.kind, caller.user_id, session_id)
        except NotFound as error:
            if error.code != f"{served.name}_not_found":
                raise
            generation = await find_generation(queue, caller.user_id, session_id, served.kind)
            return missing_answer(error, generation)
        found = await find_generation_if_reachable(queue, caller.user_id, session_id, served.kind)
        return current_answer(served, version, found, if_none_match=if_none_match)

    return get


def _edit(served: Served) -> Callable[..., Any]:
    async def edit(
        session_id: str,
        body: BaseModel,
        caller: CallerDep,
        engine: EngineDep,
        queue: QueueDep,
        if_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Save a person's change as a new version; `If-Match` says of which one it is a change."""
        of_version = edited_version(if_match)
        async with UnitOfWork(engine) as uow:
            before = await artifacts.current(uow, served.kind, caller.user_id, session_id)
            # What an edit of another version lacks is no mistake of its sender's.
            artifacts.require_version(before.number, of_version)
            content = served.content_after(before.content, body)
            await artifacts.edit(
                uow, served.kind, caller.user_id, session_id, content=content, if_match=of_version
            )
            after = await artifacts.current(uow, served.kind, caller.user_id, session_id)
            await uow.commit()
        found = await find_generation_if_reachable(queue, caller.user_id, session_id, served.kind)
        return current_answer(served, after, found)

    # FastAPI reads the body's model here, and a name of this function it couldn't resolve.
    edit.__annotations__["body"] = served.edit
    return edit


def _list(served: Served) -> Callable[..., Any]:
    async def list_versions(
        session_id: str,
        caller: CallerDep,
        engine: EngineDep,
        limit: PageLimit = 50,
        cursor: PageCursor = None,
    ) -> ListPage[VersionOut]:
        """All versions without their content, newest first."""
        async with UnitOfWork(engine, read_only=True) as uow:
            page = await artifacts.list_versions(
                uow, served.kind, caller.user_id, session_id, limit=limit, cursor=cursor
            )
        items = [listed_version(each) for each in page.items]
        return ListPage[VersionOut](items=items, next_cursor=page.next_cursor)

    return list_versions


def _get_version(served: Served) -> Callable[..., Any]:
    async def get_version(
        session_id: str, number: Number, caller: CallerDep, engine: EngineDep
    ) -> WholeVersion:
        """One version, whole."""
        async with UnitOfWork(engine, read_only=True) as uow:
            found = await artifacts.get_version(
                uow, served.kind, caller.user_id, session_id, number
            )
        return version_answer(served, found)

    return get_version


def _restore(served: Served) -> Callable[..., Any]:
    async def restore(
        session_id: str, number: Number, caller: CallerDep, engine: EngineDep, queue: QueueDep
    ) -> Response:
        """Make an earlier version, or a draft, current again: as a new version, over nothing."""
        async with UnitOfWork(engine) as uow:
            saved = await artifacts.restore(uow, served.kind, caller.user_id, session_id, number)
            current = await artifacts.current(uow, served.kind, caller.user_id, session_id)
            await uow.commit()
        found = await find_generation_if_reachable(queue, caller.user_id, session_id, served.kind)
        return current_answer(served, current, found, status=200 if saved.already_saved else 201)

    return restore


for _served in SERVED:
    router.include_router(_routes_of(_served))
