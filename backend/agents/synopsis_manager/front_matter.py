"""The header of a document: YAML front matter, or "Key: value" lines such as a PEP's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.agents.synopsis_manager.lines import Line

FRONT_TITLE = re.compile(r"title:\s*[\"']?(?P<title>[^\"'].*?)[\"']?$", re.IGNORECASE)
_KEY = re.compile(r"([A-Za-z][\w-]*):(?:\s|$)")
_LONGEST_LINES = 60
_FEWEST_KEYS = 3


def front_matter(lines: Sequence[Line]) -> tuple[int, int]:
    """Where the header begins and ends, as line numbers; equal if there is none."""
    first = next((index for index, line in enumerate(lines) if not line.is_blank), 0)
    return first, _end_of_yaml(lines, first) or _end_of_header(lines, first) or first


def _end_of_yaml(lines: Sequence[Line], first: int) -> int:
    if first >= len(lines) or lines[first].text != "---":
        return 0
    closing = range(first + 1, min(first + _LONGEST_LINES, len(lines)))
    return next((i + 1 for i in closing if lines[i].text in ("---", "...")), 0)


def _end_of_header(lines: Sequence[Line], first: int) -> int:
    """The keys have to differ: "Ann: …" again and again is a conversation."""
    keys: list[str] = []
    index = first
    while index < min(first + _LONGEST_LINES, len(lines)) and not lines[index].is_blank:
        match = _KEY.match(lines[index].text)
        if match and not lines[index].indent:
            keys.append(match[1])
        elif not lines[index].indent:
            return 0
        index += 1
    return index if len(keys) >= _FEWEST_KEYS and len(set(keys)) == len(keys) else 0
