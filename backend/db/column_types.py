"""Column types both databases share."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

_ID = re.compile("[0-9a-f]{32}")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time. SQLite keeps no time zone: it is written as UTC and read as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a time zone can't be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """A fresh row id: 32 hex digits."""
    return uuid.uuid4().hex


def is_id(value: str) -> bool:
    """Whether `new_id` could have made this. PostgreSQL can't even be asked for some strings."""
    return _ID.fullmatch(value) is not None


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)
