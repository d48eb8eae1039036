"""Pages of a list: a position in the list, told to callers as an opaque cursor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from backend.errors import FieldProblem, InvalidQuery

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of a list's items; `next_cursor` is None on its last page."""

    items: Sequence[T]
    next_cursor: str | None


def encode_cursor(*position: str | int) -> str:
    """An opaque token for a place in a list."""
    joined = "\n".join(map(str, position))
    return base64.urlsafe_b64encode(joined.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, parts: int) -> list[str]:
    """What `encode_cursor` was given. Raises InvalidQuery for anything it didn't make."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        position = base64.b64decode(padded, altchars=b"-_", validate=True).decode().split("\n")
    except (binascii.Error, ValueError):
        raise bad_cursor() from None
    if len(position) != parts:
        raise bad_cursor()
    return position


def decode_number(cursor: str) -> int:
    """The one number that `encode_cursor` was given. Raises InvalidQuery as above."""
    (position,) = decode_cursor(cursor, 1)
    if not position.isdecimal() or len(position) > 9:
        raise bad_cursor()
    return int(position)


def bad_cursor() -> InvalidQuery:
    """The error for a cursor that no list gave out."""
    return InvalidQuery(
        "The cursor isn't one that a list gave out.",
        problems=[
            FieldProblem("cursor", "Use the nextCursor of the page before, or leave it out.")
        ],
    )
