"""Users and tokens as they are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from backend.cli.terminal import output_console, say
from backend.db.column_types import utc_now
from backend.db.users import StoredToken, StoredUser


def as_items(users: Sequence[StoredUser], tokens: Sequence[StoredToken]) -> list[dict[str, Any]]:
    """For programs: each user with their tokens."""
    return [
        {
            "name": user.id,
            "createdAt": user.created_at.isoformat(),
            "tokens": [_item(token) for token in tokens if token.user_id == user.id],
        }
        for user in users
    ]


def show_users(users: Sequence[StoredUser], tokens: Sequence[StoredToken]) -> None:
    """For a person: a line for each token, and one for a user without any."""
    if not users:
        say("There are no users. Make one with `offstage users add NAME`.")
        return
    table = Table(box=None, header_style="bold")
    for name in ("USER", "TOKEN"):
        table.add_column(name, overflow="fold")
    for name in ("LABEL", "MADE", "LAST USED", "STATE"):
        table.add_column(name)
    for user in users:
        own = [token for token in tokens if token.user_id == user.id]
        for token in own:
            table.add_row(
                user.id,
                token.id,
                token.name or "-",
                _day(token.created_at),
                _day(token.last_used_at),
                state_of(token, utc_now()),
            )
        if not own:
            table.add_row(user.id, "-", "-", _day(user.created_at), "-", "has no token")
    output_console().print(table)


def state_of(token: StoredToken, now: datetime) -> str:
    """Whether the token lets somebody in, in words."""
    if token.revoked_at is not None:
        return f"revoked {_day(token.revoked_at)}"
    if token.expires_at is None:
        return "valid"
    return f"{'valid until' if now < token.expires_at else 'expired'} {_day(token.expires_at)}"


def _item(token: StoredToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "label": token.name,
        "createdAt": token.created_at.isoformat(),
        "lastUsedAt": _iso(token.last_used_at),
        "expiresAt": _iso(token.expires_at),
        "revokedAt": _iso(token.revoked_at),
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _day(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d}"
