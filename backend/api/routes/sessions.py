"""Sessions: what a person works on."""

from __future__ import annotations

from fastapi import APIRouter, Response

from backend.api.deps import CallerDep, EngineDep, PageCursor, PageLimit, QueueDep
from backend.api.open_jobs import cancel_open_jobs
from backend.api.problems import problems
from backend.api.schemas.base import ListPage
from backend.api.schemas.sessions import SessionCreate, SessionOut, SessionUpdate
from backend.db import sessions
from backend.db.unit_of_work import UnitOfWork

router = APIRouter(prefix="/sessions", tags=["sessions"])


@router.post("", status_code=201, responses=problems(422, 503))
async def create_session(
    body: SessionCreate, caller: CallerDep, engine: EngineDep, response: Response
) -> SessionOut:
    """Make a session."""
    async with UnitOfWork(engine) as uow:
        stored = await sessions.create(uow, caller.user_id, body.model_dump())
        await uow.commit()
    response.headers["Location"] = f"/sessions/{stored.id}"
    return SessionOut.model_validate(stored)


@router.get("", responses=problems(422, 503))
async def list_sessions(
    caller: CallerDep, engine: EngineDep, limit: PageLimit = 50, cursor: PageCursor = None
) -> ListPage[SessionOut]:
    """The caller's sessions, newest first."""
    async with UnitOfWork(engine, read_only=True) as uow:
        page = await sessions.list_page(uow, caller.user_id, limit=limit, cursor=cursor)
    return ListPage[SessionOut].model_validate(page)


@router.get("/{session_id}", responses=problems(404, 503))
async def get_session(session_id: str, caller: CallerDep, engine: EngineDep) -> SessionOut:
    """One session."""
    async with UnitOfWork(engine, read_only=True) as uow:
        return SessionOut.model_validate(await sessions.get(uow, caller.user_id, session_id))


@router.patch("/{session_id}", responses=problems(404, 422, 503))
async def update_session(
    session_id: str, body: SessionUpdate, caller: CallerDep, engine: EngineDep
) -> SessionOut:
    """Change what is given and leave the rest."""
    changes = body.model_dump(exclude_unset=True)
    async with UnitOfWork(engine) as uow:
        stored = await sessions.change(uow, caller.user_id, session_id, changes)
        await uow.commit()
    return SessionOut.model_validate(stored)


@router.delete("/{session_id}", status_code=204, responses=problems(404, 503))
async def delete_session(
    session_id: str, caller: CallerDep, engine: EngineDep, queue: QueueDep
) -> None:
    """Delete a session with its materials and everything made of them; its jobs are cancelled."""
    async with UnitOfWork(engine) as uow:
        await sessions.remove(uow, caller.user_id, session_id)
        await uow.commit()
    await cancel_open_jobs(queue, caller.user_id, session_id)
