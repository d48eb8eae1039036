"""Notes as Markdown: for the command line, the page's copy button, a file."""

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
from backend.exports.notes import ExportedNotes, NumberedItem, code_language, without_sources

_MARKUP = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(\s*)([#>+=-]|\d+[.)])(?=\s|$)")


def to_markdown(notes: Synopsis | ExportedNotes) -> str:
    """CommonMark, ending with a newline; sources are footnotes, as GitHub has them.

    Text can't turn into markup; ungrounded items say so.
    """
    shown = without_sources(notes) if isinstance(notes, Synopsis) else notes
    pieces = [f"# {_escaped(shown.title)}"]
    pieces += [_with_marks(each, shown) for each in shown.items]
    footnotes = []
    for source in shown.sources:
        told = f"*{shown.word('deleted')}*"
        if source.title is not None:
            told = f"{_escaped(source.title)}: “{_escaped(source.passage)}”"
        footnotes.append(f"[^{source.number}]: {told}")
    if footnotes:
        pieces.append("\n".join(footnotes))
    return "\n\n".join(pieces) + "\n"


def _with_marks(each: NumberedItem, shown: ExportedNotes) -> str:
    piece = _piece(each.item)
    marks = "".join(f"[^{number}]" for number in each.numbers)
    if marks and not isinstance(each.item, HeadingItem):
        piece += f"\n\n{marks}" if isinstance(each.item, CodeItem) else f" {marks}"
    if remark := shown.remark_on(each.item):
        piece += f"\n\n*({remark})*"
    return piece


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
            return f"{fence}{code_language(item.language)}\n{item.text}\n{fence}"
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
