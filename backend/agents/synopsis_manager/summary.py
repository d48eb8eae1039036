"""The last step: title and summary above the finished notes."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Sequence
from dataclasses import replace

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.synopsis_manager.checking import Checked, Checker
from backend.agents.synopsis_manager.items import typed_item
from backend.agents.synopsis_manager.notes import Overview
from backend.agents.synopsis_manager.page import show
from backend.agents.synopsis_manager.prompts import Prompts
from backend.agents.synopsis_manager.units import Unit, UnitKind
from backend.domain.artifacts import CodeItem, HeadingItem, Span, SynopsisItem, TextItem, words_of
from backend.domain.edits import is_own

_SUMMARY_WORDS = 90
_MOST_SOURCES = 12


async def summarise(
    context: AgentContext,
    calls: ModelCalls,
    prompts: Prompts,
    title: str,
    items: Sequence[SynopsisItem],
    headers: dict[str, str],
    *,
    max_words: int,
    max_chars: int | None,
) -> tuple[str, list[SynopsisItem]]:
    """The title, and the items with their summary in front.

    What only repeats is left out, and what is too much for `max_words`. Notes longer than
    `max_chars` (None: no bound) are shown to the model shortened.
    """
    if not items:
        return title, []
    units = [_as_unit(number, item) for number, item in enumerate(items, 1) if _is_prose(item)]
    page = show(
        {
            "Title": title,
            "Words at most": str(_SUMMARY_WORDS),
            "Notes at most": str(max_words),
            **headers,
        },
        _shortened(units, max_chars),
    )
    # By what it is asked about: material added before another try makes it another question.
    overview = await context.step(
        f"overview/{hashlib.sha256(page.encode()).hexdigest()[:16]}",
        lambda: calls.ask(Overview, instructions=prompts.text("overview"), prompt=page),
        Overview,
    )
    left_out = set(overview.left_out)
    kept = [
        item
        for number, item in enumerate(items, 1)
        if number not in left_out or isinstance(item, HeadingItem) or is_own(item)
    ]
    # A person who changed the summary needs no other beside it.
    has_summary = isinstance(items[0], TextItem) and items[0].edited
    drafts = [
        draft.model_copy(update={"kind": "text", "quote": ""})
        for draft in overview.summary
        if draft.text.strip() and not has_summary
    ]
    checker = Checker(context, calls, prompts, headers)
    checked = await checker.check("overview", drafts, units)
    summary = [_summary_item(one, items) for one in checked]
    return overview.title.strip() or title, [*summary, *kept]


def _shortened(units: Sequence[Unit], max_chars: int | None) -> list[Unit]:
    """The same notes, each cut to its share if they are too long together."""
    total = sum(len(unit.text) for unit in units)
    if max_chars is None or total <= max_chars:
        return list(units)
    share = max_chars / total
    return [
        replace(unit, text=textwrap.shorten(unit.text, max(40, int(len(unit.text) * share))))
        for unit in units
    ]


def _is_prose(item: SynopsisItem) -> bool:
    return not isinstance(item, CodeItem)


def _at(items: Sequence[SynopsisItem], number: int) -> SynopsisItem | None:
    return items[number - 1] if 0 < number <= len(items) else None


def _as_unit(number: int, item: SynopsisItem) -> Unit:
    """A note as a line of the page: paragraphs as text, all else as items or headings."""
    kind: UnitKind = "text" if isinstance(item, TextItem) else "item"
    level = 1
    if isinstance(item, HeadingItem):
        kind, level = "heading", item.level
    text = "; ".join(words_of(item).splitlines())
    return Unit(number, kind, text, "", 0, 1, paragraph=number, level=level)


def _summary_item(checked: Checked, items: Sequence[SynopsisItem]) -> SynopsisItem:
    """A summary rests on the sources of the notes that say what it says."""
    told = [item for unit in checked.passages if (item := _at(items, unit.number)) is not None]
    sources: list[Span] = []
    for item in told if all(item.grounded for item in told) else []:
        sources += [source for source in item.sources if source not in sources]
    return typed_item(checked.draft, sources[:_MOST_SOURCES], checked.repaired)
