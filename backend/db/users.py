"""Queries on users and their tokens."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from backend.db.column_types import is_id, new_id, utc_now
from backend.db.tables import tokens, users
from backend.db.unit_of_work import UnitOfWork
from backend.domain.tokens import digest_of, new_token
from backend.errors import Conflict, NotFound


@dataclass(frozen=True)
class StoredUser:
    """A user as it stands in its table. The id is the name."""

    id: str
    created_at: datetime


@dataclass(frozen=True)
class StoredToken:
    """A token without what it takes to use it."""

    id: str
    user_id: str
    name: str | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_valid_at(self, now: datetime) -> bool:
        """Whether it lets somebody in."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True)
class IssuedToken:
    """A token that was just made. `secret` is what its user sends; it can't be shown again."""

    secret: str
    stored: StoredToken


_USER = [users.c[field.name] for field in fields(StoredUser)]
_TOKEN = [tokens.c[field.name] for field in fields(StoredToken)]


async def add_user(uow: UnitOfWork, user_id: str) -> StoredUser:
    """Make a user of an id that `user_id_of_name` gave. Raises Conflict if there is one."""
    row = {"id": user_id, "created_at": utc_now()}
    try:
        inserted = await uow.connection.execute(insert(users).values(row).returning(*_USER))
    except IntegrityError:
        raise Conflict(f"There is a user {user_id} already.") from None
    return StoredUser(**inserted.one()._asdict())


async def list_users(uow: UnitOfWork) -> list[StoredUser]:
    """All users, by name."""
    rows = await uow.connection.execute(select(*_USER).order_by(users.c.id))
    return [StoredUser(**row._asdict()) for row in rows]


async def list_tokens(uow: UnitOfWork) -> list[StoredToken]:
    """All tokens, those of one user together, oldest first."""
    rows = await uow.connection.execute(
        select(*_TOKEN).order_by(tokens.c.user_id, tokens.c.created_at, tokens.c.id)
    )
    return [_stored(row) for row in rows]


async def issue_token(
    uow: UnitOfWork, user_id: str, *, name: str | None = None, expires_at: datetime | None = None
) -> IssuedToken:
    """Make a token for a user. Raises NotFound("user")."""
    if await uow.connection.scalar(select(users.c.id).where(users.c.id == user_id)) is None:
        raise NotFound("user", f"There is no user {user_id}.")
    secret = new_token()
    row = {
        "id": new_id(),
        "user_id": user_id,
        "name": name,
        "digest": digest_of(secret),
        "created_at": utc_now(),
        "expires_at": expires_at,
    }
    inserted = await uow.connection.execute(insert(tokens).values(row).returning(*_TOKEN))
    return IssuedToken(secret, _stored(inserted.one()))


async def find_token(uow: UnitOfWork, digest: str) -> StoredToken | None:
    """The token of this digest, valid or not; None if there never was one."""
    found = await uow.connection.execute(select(*_TOKEN).where(tokens.c.digest == digest))
    row = found.one_or_none()
    return None if row is None else _stored(row)


async def note_use(uow: UnitOfWork, token_id: str, at: datetime) -> None:
    """Remember that the token was used, unless a later use is known."""
    known = tokens.c.last_used_at
    await uow.connection.execute(
        update(tokens)
        .where(tokens.c.id == token_id, or_(known.is_(None), known < at))
        .values(last_used_at=at)
    )


async def revoke_token(uow: UnitOfWork, token_id: str) -> StoredToken:
    """Let the token count no more; revoking it again changes nothing. Raises NotFound("token")."""
    if is_id(token_id):
        await uow.connection.execute(
            update(tokens)
            .where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
            .values(revoked_at=utc_now())
        )
        found = await uow.connection.execute(select(*_TOKEN).where(tokens.c.id == token_id))
        row = found.one_or_none()
        if row is not None:
            return _stored(row)
    raise NotFound("token", "There is no such token. `offstage users list` shows their ids.")


def _stored(row: Row[Any]) -> StoredToken:
    return StoredToken(**row._asdict())
