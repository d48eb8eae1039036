"""MDX to Markdown: imports, banners, embedded pages and template switches go, the text stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend.documents.formats.extracted import Extracted

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_STATEMENT = re.compile(
    r"^(?:import\s.+(?:from\s|['\"])|export\s+(?:const|default|let|function)\b)"
)
_SWITCH = re.compile(r"^\s*\{(?:[#:/@][^}]*|/\*.*?\*/)\}\s*$")
_TAG = re.compile(r"</?(?:[A-Z][\w.]*|div|img|iframe|video|audio|source|center|br)\b")
_TAG_LINE = re.compile(r"^\s*" + _TAG.pattern)
_ANCHOR = re.compile(r"^(#{1,6} .*?)\s*\[\[[\w.-]+\]\]\s*$")
_LONGEST_TAG_LINES = 60
_LONGEST_TAG = 4_000


def read_mdx(text: str) -> Extracted:
    """The Markdown inside; what stands between a component's tags stays, code is untouched."""
    lines = [_ANCHOR.sub(r"\1", line) for line in _prose_lines(text.split("\n"))]
    return Extracted(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n")


def _prose_lines(lines: list[str]) -> Iterator[str]:
    fence = ""
    index = 0
    while index < len(lines):
        line = lines[index]
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark.group(1).startswith(fence) else fence
            yield line
        elif mark:
            fence = mark.group(1)
            yield line
        elif _STATEMENT.match(line):
            index += _statement_lines(lines, index) - 1
        elif _TAG_LINE.match(line):
            used, rest = _without_tags(lines, index)
            index += used - 1
            if rest.strip():
                yield rest
        elif not _SWITCH.match(line):
            yield line
        index += 1


def _statement_lines(lines: list[str], start: int) -> int:
    """How many lines an import or export takes: up to where its brackets close."""
    depth = 0
    for count, line in enumerate(lines[start : start + _LONGEST_TAG_LINES], start=1):
        depth += sum(map(line.count, "{[(")) - sum(map(line.count, "}])"))
        if depth <= 0:
            return count
    return 1


def _without_tags(lines: list[str], start: int) -> tuple[int, str]:
    """How many lines the tags on line `start` take, and what stands beside the tags."""
    text = "\n".join(lines[start : start + _LONGEST_TAG_LINES])
    rest: list[str] = []
    position = 0
    while position < len(text) and text[position] != "\n":
        if not _TAG.match(text, position):
            rest.append(text[position])
            position += 1
            continue
        end = _tag_end(text, position)
        if end is None:
            line_end = text.find("\n", position)
            stop = len(text) if line_end < 0 else line_end
            rest.append(text[position:stop])
            end = stop
        position = end
    return text[:position].count("\n") + 1, "".join(rest)


def _tag_end(text: str, start: int) -> int | None:
    """Where the tag that opens at `start` ends; attributes may hold `>` in quotes and braces."""
    depth, quote = 0, ""
    for position in range(start, min(len(text), start + _LONGEST_TAG)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
        elif character == ">" and depth <= 0:
            return position + 1
    return None
