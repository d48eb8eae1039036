"""A title for a document: its own, else its first heading, else the file's name."""

from __future__ import annotations

import re
from pathlib import PurePath

_HEADING = re.compile(r"^#{1,3}[ \t]+(.{1,120}?)[ \t#]*$", re.MULTILINE)
_RST_FIELD = re.compile(r"\A(?:[\w-]+:.*\n(?:[ \t]+.*\n)*?)*?Title:[ \t]*(.+)$", re.MULTILINE)
_RST_HEADING = re.compile(r"^([^\s=\-~#*`].{2,})\n([=\-~#*`])\2{2,}[ \t]*$", re.MULTILINE)
_MARKS = re.compile(r"[*_`]{1,3}|\[\[.*?\]\]|<[^>]+>")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_ENDINGS = re.compile(
    r"(?:\.(?:txt|text|log|md|markdown|mdx|rst|html?|xhtml|xml|pdf|docx|srt|vtt|jsonl?|ndjson))+$",
    re.IGNORECASE,
)
_HEAD_CHARACTERS = 4_000
_LONGEST = 200


def title_of(filename: str, text: str, own: str | None, *, is_rst: bool = False) -> str:
    """At most 200 characters on one line; never empty."""
    for candidate in (own, _first_heading(text[:_HEAD_CHARACTERS], is_rst), _stem(filename)):
        title = " ".join((candidate or "").split())
        if title:
            return title if len(title) <= _LONGEST else title[: _LONGEST - 1].rstrip() + "…"
    return "Untitled"


def _first_heading(head: str, is_rst: bool) -> str | None:
    if is_rst:
        match = _RST_FIELD.match(head)
        if match:
            return match.group(1)
        match = _RST_HEADING.search(head)
    else:
        match = _HEADING.search(head)
    return _MARKS.sub("", _LINK.sub(r"\1", match.group(1))) if match else None


def _stem(filename: str) -> str:
    name = PurePath(filename.replace("\\", "/")).name
    return _ENDINGS.sub("", name).replace("_", " ")
