"""Users and tokens in either database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db.column_types import utc_now
from backend.db.unit_of_work import UnitOfWork
from backend.db.users import (
    add_user,
    find_token,
    issue_token,
    list_tokens,
    list_users,
    note_use,
    revoke_token,
)
from backend.domain.tokens import digest_of
from backend.errors import Conflict, NotFound
from tests.fixtures.users import new_user, revoke


async def test_a_token_is_found_by_its_digest_alone(engine: AsyncEngine) -> None:
    issued = await new_user(engine, "anna")
    async with UnitOfWork(engine, read_only=True) as uow:
        assert await find_token(uow, digest_of(issued.secret)) == issued.stored
        assert await find_token(uow, digest_of(issued.secret + "x")) is None
        assert await find_token(uow, issued.secret) is None


async def test_a_name_is_taken_once(engine: AsyncEngine) -> None:
    await new_user(engine, "anna")
    async with UnitOfWork(engine) as uow:
        with pytest.raises(Conflict, match="anna"):
            await add_user(uow, "anna")
    async with UnitOfWork(engine, read_only=True) as uow:
        assert [user.id for user in await list_users(uow)] == ["anna"]
        assert len(await list_tokens(uow)) == 1


async def test_only_users_get_tokens(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as uow:
        with pytest.raises(NotFound) as caught:
            await issue_token(uow, "nobody")
    assert caught.value.code == "user_not_found"


async def test_a_token_counts_until_it_expires_or_is_revoked(engine: AsyncEngine) -> None:
    soon = utc_now() + timedelta(days=1)
    ending = await new_user(engine, "anna", expires_at=soon)
    assert ending.stored.is_valid_at(soon - timedelta(seconds=1))
    assert not ending.stored.is_valid_at(soon)

    lasting = await new_user(engine, "boris")
    await revoke(engine, lasting)
    async with UnitOfWork(engine) as uow:
        revoked = await find_token(uow, digest_of(lasting.secret))
        assert revoked is not None
        assert not revoked.is_valid_at(utc_now())
        # The first time stands.
        assert await revoke_token(uow, revoked.id) == revoked
        for unknown in ("0" * 32, "\x00", "'; --"):
            with pytest.raises(NotFound):
                await revoke_token(uow, unknown)


async def test_the_latest_use_is_remembered(engine: AsyncEngine) -> None:
    issued = await new_user(engine, "anna")
    now = utc_now()
    async with UnitOfWork(engine) as uow:
        for at in (now, now - timedelta(minutes=5)):
            await note_use(uow, issued.stored.id, at)
        (stored,) = await list_tokens(uow)
    assert stored.last_used_at == now
