"""Materials: the texts that a session's agents work on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from backend.api.deps import CallerDep, EngineDep, PageCursor, PageLimit, ReaderDep
from backend.api.material_upload import UPLOAD_BODY, read_upload
from backend.api.problems import problems
from backend.api.schemas.base import ListPage
from backend.api.schemas.materials import MaterialOut, MaterialWithText
from backend.db import materials, sessions
from backend.db.unit_of_work import UnitOfWork

router = APIRouter(prefix="/sessions/{session_id}/materials", tags=["materials"])


@router.post("", status_code=201, responses=problems(404, 413, 422, 503), openapi_extra=UPLOAD_BODY)
async def add_material(
    session_id: str,
    request: Request,
    caller: CallerDep,
    engine: EngineDep,
    reader: ReaderDep,
    response: Response,
) -> MaterialOut:
    """Add a text (JSON) or a file (multipart) to the session.

    .txt .md .rst .html .xml .pdf .docx .srt .vtt, chats as .json .jsonl; the encoding is detected.
    What holds no readable text is refused with a 422 that says why, and nothing is kept of it.
    """
    async with UnitOfWork(engine, read_only=True) as uow:
        await sessions.get(uow, caller.user_id, session_id)
    material = await read_upload(request, reader)
    async with UnitOfWork(engine) as uow:
        stored = await materials.add(uow, caller.user_id, session_id, material)
        await uow.commit()
    response.headers["Location"] = f"/sessions/{session_id}/materials/{stored.id}"
    return MaterialOut.model_validate(stored)


@router.get("", responses=problems(404, 422, 503))
async def list_materials(
    session_id: str,
    caller: CallerDep,
    engine: EngineDep,
    limit: PageLimit = 50,
    cursor: PageCursor = None,
) -> ListPage[MaterialOut]:
    """The session's materials without their texts, in the order they were added."""
    async with UnitOfWork(engine, read_only=True) as uow:
        page = await materials.list_page(
            uow, caller.user_id, session_id, limit=limit, cursor=cursor
        )
    return ListPage[MaterialOut].model_validate(page)


@router.get("/{material_id}", responses=problems(404, 503))
async def get_material(
    session_id: str, material_id: str, caller: CallerDep, engine: EngineDep
) -> MaterialWithText:
    """A material with its text."""
    async with UnitOfWork(engine, read_only=True) as uow:
        stored, text = await materials.get_with_text(uow, caller.user_id, session_id, material_id)
    about = MaterialOut.model_validate(stored)
    return MaterialWithText(**about.model_dump(), text=text)


@router.delete("/{material_id}", status_code=204, responses=problems(404, 503))
async def delete_material(
    session_id: str, material_id: str, caller: CallerDep, engine: EngineDep
) -> None:
    """Delete a material. Notes made of it stay."""
    async with UnitOfWork(engine) as uow:
        await materials.remove(uow, caller.user_id, session_id, material_id)
        await uow.commit()
