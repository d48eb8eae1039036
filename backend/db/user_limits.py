"""Queries on the limits that were set for single users."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from backend.db.column_types import utc_now
from backend.db.tables import user_limits
from backend.db.unit_of_work import UnitOfWork
from backend.limits import LimitTexts

_TEXTS = [user_limits.c[name] for name in vars(LimitTexts())]


async def read_limits(uow: UnitOfWork, user_id: str) -> LimitTexts:
    """What was set for this user; all '' if nothing was."""
    found = await uow.connection.execute(select(*_TEXTS).where(user_limits.c.user_id == user_id))
    row = found.one_or_none()
    return LimitTexts() if row is None else LimitTexts(**row._asdict())


async def list_limits(uow: UnitOfWork) -> dict[str, LimitTexts]:
    """What was set, by user."""
    rows = await uow.connection.execute(
        select(user_limits.c.user_id, *_TEXTS).order_by(user_limits.c.user_id)
    )
    return {row.user_id: LimitTexts(*row[1:]) for row in rows}


async def write_limits(uow: UnitOfWork, user_id: str, texts: LimitTexts) -> None:
    """Set all of this user's limits anew."""
    await uow.connection.execute(delete(user_limits).where(user_limits.c.user_id == user_id))
    if texts != LimitTexts():
        row = {"user_id": user_id, "updated_at": utc_now(), **vars(texts)}
        await uow.connection.execute(insert(user_limits).values(row))
