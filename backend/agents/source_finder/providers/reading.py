"""What all providers' answers need: JSON that may have any form, and text out of markup."""

from __future__ import annotations

import json
import re
from typing import Any

from backend.agents.source_finder.work import LONGEST_ABSTRACT_CHARS

_TAG = re.compile(r"<[^<>]{1,200}>")
_MOST_AUTHORS = 6


def parse_object(body: bytes) -> dict[str, Any]:
    """Raises ValueError for what isn't a JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    return mapping(found)


def mapping(found: object) -> dict[str, Any]:
    """Raises ValueError for what isn't an object."""
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def objects(found: object) -> list[dict[str, Any]]:
    """The objects in a list; nothing in what isn't one."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def line(found: object) -> str:
    """A text in one line, without markup; empty for what isn't a text."""
    return " ".join(_TAG.sub(" ", found).split()) if isinstance(found, str) else ""


def abstract(found: object) -> str:
    """The same, shortened at the end of a sentence, or of a word."""
    text = line(found)
    if len(text) <= LONGEST_ABSTRACT_CHARS:
        return text
    cut = text[:LONGEST_ABSTRACT_CHARS]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[: end + 1] if end > LONGEST_ABSTRACT_CHARS // 2 else f"{cut.rpartition(' ')[0]}…"


def year(found: object) -> int | None:
    return found if isinstance(found, int) and 1000 <= found <= 2100 else None


def authors(names: list[str]) -> list[str]:
    return [name for name in names if name][:_MOST_AUTHORS]


def email_of(contact: str) -> str:
    """The contact if it is an e-mail address; the parameter of that name takes nothing else."""
    return contact if "@" in contact else ""
