"""A synopsis as Markdown: for the command line, a copy button, an export."""

from __future__ import annotations

import re

from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    Synopsis,
    SynopsisItem,
)

_UNGROUNDED = {"ru": "нет в материале", "en": "not in the material"}
_MARKUP = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(\s*)([#>+=-]|\d+[.)])(?=\s|$)")


def to_markdown(synopsis: Synopsis) -> str:
    """CommonMark, ending with a newline. Text can't turn into markup; ungrounded items say so."""
    pieces = [f"# {_escaped(synopsis.title)}"]
    for item in synopsis.items:
        piece = _piece(item)
        if not item.grounded and not isinstance(item, HeadingItem):
            mark = _UNGROUNDED.get(synopsis.language, _UNGROUNDED["en"])
            piece += f"\n\n*({mark})*"
        pieces.append(piece)
    return "\n\n".join(pieces) + "\n"


def _piece(item: SynopsisItem) -> str:
    match item:
        case HeadingItem():
            return f"{'#' * (item.level + 1)} {_escaped(item.text)}"
        case DefinitionItem():
            return f"**{_escaped(item.term)}** — {_escaped(item.text)}"
        case ListItem():
            marks = (f"{n}." if item.ordered else "-" for n in range(1, len(item.items) + 1))
            points = zip(marks, item.items, strict=True)
            return "\n".join(f"{mark} {_escaped(point)}" for mark, point in points)
        case CodeItem():
            longest = max(map(len, re.findall("`+", item.text)), default=0)
            fence = "`" * max(3, longest + 1)
            return f"{fence}{item.language}\n{item.text}\n{fence}"
        case NoteItem():
            return f"> {_escaped(item.text)}"
        case _:
            return _escaped(item.text)


def _escaped(text: str) -> str:
    """One line of plain text, so that CommonMark shows it as it is."""
    line = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return _LINE_START.sub(lambda match: f"{match[1]}{_escaped_mark(match[2])}", line)


def _escaped_mark(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}" if mark[0].isdigit() else f"\\{mark}"
