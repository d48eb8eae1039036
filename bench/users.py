"""A user with a token, for benchmarks of `AUTH_MODE=token`."""

from __future__ import annotations

from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import upgrade_engine
from backend.db.users import add_user, issue_token
from backend.settings import Settings


async def new_token(settings: Settings, user_id: str = "caller") -> str:
    """What a new user sends as their bearer token."""
    engine = create_engine(settings)
    await upgrade_engine(engine)
    async with UnitOfWork(engine) as uow:
        await add_user(uow, user_id)
        issued = await issue_token(uow, user_id)
        await uow.commit()
    await engine.dispose()
    return issued.secret
