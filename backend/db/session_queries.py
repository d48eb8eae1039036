"""What a session's agents were asked before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from backend.db import sessions
from backend.db.column_types import new_id, utc_now
from backend.db.tables import session_queries
from backend.db.unit_of_work import UnitOfWork

KEPT_IN_MEMORY = 20


async def append(
    uow: UnitOfWork,
    owner: str,
    session_id: str,
    *,
    agent: str,
    query: dict[str, Any],
    job_id: str,
) -> None:
    """Note a query whose job came to an end well; a second time for the same job does nothing.

    Raises NotFound("session").
    """
    await sessions.hold(uow, owner, session_id)
    known = await uow.connection.scalar(
        select(session_queries.c.id).where(session_queries.c.job_id == job_id)
    )
    if known is None:
        row = {
            "id": new_id(),
            "session_id": session_id,
            "agent": agent,
            "query": query,
            "job_id": job_id,
            "created_at": utc_now(),
        }
        await uow.connection.execute(insert(session_queries).values(row))


async def latest(uow: UnitOfWork, session_id: str, agent: str) -> tuple[dict[str, Any], ...]:
    """The last `KEPT_IN_MEMORY` queries to `agent`, oldest first."""
    found = await uow.connection.execute(
        select(session_queries.c.query)
        .where(session_queries.c.session_id == session_id, session_queries.c.agent == agent)
        .order_by(session_queries.c.created_at.desc(), session_queries.c.id.desc())
        .limit(KEPT_IN_MEMORY)
    )
    return tuple(reversed(found.scalars().all()))
