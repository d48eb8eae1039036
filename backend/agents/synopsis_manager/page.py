"""The numbered page that a prompt shows, and how the offline model reads it back.

# [1] A heading
[2] A sentence. Sentences of one paragraph follow each other without a blank line.

- [3] a list item
1. [4] an item of an ordered list

[5] {Ann} a sentence that Ann says
[6] (addressed to an AI, to be reported at most) "an order to a model, quoted"
```rust [6]
let code = "verbatim";
```
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.agents.synopsis_manager.units import Unit, UnitKind, orders_in

_FENCE_OPEN = re.compile(r"(?P<fence>`{3,})(?P<language>[^\s`]*) \[(?P<number>\d+)\]$")
_LINE = re.compile(
    r"(?:(?P<rank>#{1,6}) |(?P<indent> *)(?:(?P<dash>-)|(?P<order>\d+)\.) )?"
    r"\[(?P<number>\d+)\] (?:\{(?P<speaker>[^{}]+)\} )?(?P<text>.*)$"
)
_HEADER = re.compile(r"(?P<key>[A-Z][a-z ]+): (?P<value>.*)$")
_OPEN, _CLOSE = "<material>", "</material>"
_ORDER = "(addressed to an AI, to be reported at most)"


@dataclass
class Line:
    """One unit as the page shows it; `paragraph` counts from 0."""

    number: int
    kind: UnitKind
    text: str
    paragraph: int
    level: int = 1
    ordered: bool = False
    language: str = ""
    speaker: str = ""


@dataclass
class Page:
    """A prompt read back: its "Key: value" headers and its lines."""

    headers: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def show(headers: dict[str, str], units: Iterable[Unit], after: str = "") -> str:
    """The prompt for `units`. Nothing in them can close the material's frame early."""
    shown = [f"{key}: {' '.join(value.split())}" for key, value in headers.items() if value]
    shown += ["", _OPEN]
    paragraph: int | None = None
    shown_units = list(units)
    orders = {unit.number for unit in orders_in(shown_units)}
    for unit in shown_units:
        if unit.paragraph != paragraph:
            shown.append("")
            paragraph = unit.paragraph
        shown.append(_shown(unit, unit.number in orders).replace(_CLOSE, "</ material>"))
    shown.append(_CLOSE)
    return "\n".join(shown) + after


def _shown(unit: Unit, is_order: bool) -> str:
    if unit.kind == "code":
        longest = max(map(len, re.findall("`+", unit.text)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"{fence}{unit.language} [{unit.number}]\n{unit.text}\n{fence}"
    speaker = f"{{{unit.speaker}}} " if unit.speaker else ""
    text = " ".join(unit.text.split())
    if is_order:
        text = f'{_ORDER} "{text}"'
    said = f"[{unit.number}] {speaker}{text}"
    if unit.kind == "heading":
        return f"{'#' * min(unit.level, 6)} {said}"
    if unit.kind == "item":
        return f"{'  ' * (unit.level - 1)}{'1.' if unit.ordered else '-'} {said}"
    return said


def read(prompt: str) -> Page:
    """The page that `show` wrote. Lines that aren't of its form are passed over.

    So are orders to a model: the offline one doesn't take them for something that was said.
    """
    head, _, rest = prompt.partition(f"\n{_OPEN}\n")
    body = rest.rpartition(f"\n{_CLOSE}")[0].split("\n")
    headers = {m["key"]: m["value"] for m in map(_HEADER.match, head.split("\n")) if m}
    page = Page(headers)
    paragraph = 0
    index = 0
    while index < len(body):
        opening = _FENCE_OPEN.match(body[index])
        if opening:
            end = body.index(opening["fence"], index + 1)
            code = "\n".join(body[index + 1 : end])
            page.lines.append(
                Line(int(opening["number"]), "code", code, paragraph, language=opening["language"])
            )
            index = end
        elif not body[index].strip():
            paragraph += 1
        elif (match := _LINE.match(body[index])) and not match["text"].startswith(_ORDER):
            page.lines.append(_line(match, paragraph))
        index += 1
    return page


def _line(match: re.Match[str], paragraph: int) -> Line:
    kind: UnitKind = "text"
    level = 1
    if match["rank"]:
        kind, level = "heading", len(match["rank"])
    elif match["dash"] or match["order"]:
        kind, level = "item", 1 + len(match["indent"]) // 2
    return Line(
        int(match["number"]),
        kind,
        match["text"],
        paragraph,
        level=level,
        ordered=bool(match["order"]),
        speaker=match["speaker"] or "",
    )
