"""Who may use it, and whether anybody can."""

from __future__ import annotations

from backend.cli.checks.findings import Finding, ok, warning
from backend.cli.config import describe_sign_in
from backend.db.column_types import utc_now
from backend.db.engine import create_engine
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import is_current
from backend.db.users import list_tokens
from backend.errors import OffstageError
from backend.settings import Settings

_PART = "sign-in"


async def check_sign_in(settings: Settings) -> Finding:
    """A database that can't be asked has a finding of its own."""
    described = describe_sign_in(settings)
    if settings.auth_mode != "token":
        return ok(_PART, described)
    if await _has_valid_token(settings):
        return ok(_PART, "by token (AUTH_MODE=token)")
    return warning(_PART, "nobody has a valid token", "Make one with `offstage users add NAME`.")


async def _has_valid_token(settings: Settings) -> bool:
    if settings.database_url is None and not (settings.offstage_data_dir / "offstage.db").exists():
        return False
    try:
        engine = create_engine(settings)
        try:
            if not await is_current(engine):
                return False
            async with UnitOfWork(engine, read_only=True) as uow:
                return any(token.is_valid_at(utc_now()) for token in await list_tokens(uow))
        finally:
            await engine.dispose()
    except OffstageError:
        return False
