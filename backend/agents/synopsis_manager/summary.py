"""The last step: title and summary above the finished notes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.synopsis_manager.assembly import words_of
from backend.agents.synopsis_manager.grounding import supports
from backend.agents.synopsis_manager.items import said_by, typed_item
from backend.agents.synopsis_manager.notes import DraftItem, Overview
from backend.agents.synopsis_manager.page import show
from backend.agents.synopsis_manager.prompts import prompt
from backend.agents.synopsis_manager.units import Unit, UnitKind
from backend.domain.artifacts import CodeItem, HeadingItem, Span, SynopsisItem, TextItem

_SUMMARY_WORDS = 90
_MOST_SOURCES = 12


async def summarise(
    context: AgentContext,
    calls: ModelCalls,
    title: str,
    items: Sequence[SynopsisItem],
    headers: dict[str, str],
    max_words: int,
) -> tuple[str, list[SynopsisItem]]:
    """The title, and the items with their summary in front.

    What only repeats is left out, and what is too much for `max_words`.
    """
    if not items:
        return title, []
    page = show(
        {
            "Title": title,
            "Words at most": str(_SUMMARY_WORDS),
            "Notes at most": str(max_words),
            **headers,
        },
        [_as_unit(number, item) for number, item in enumerate(items, 1) if _is_prose(item)],
    )
    # By what it is asked about: material added before another try makes it another question.
    overview = await context.step(
        f"overview/{hashlib.sha256(page.encode()).hexdigest()[:16]}",
        lambda: calls.ask(Overview, instructions=prompt("overview"), prompt=page),
        Overview,
    )
    left_out = {n for n in overview.left_out if not isinstance(_at(items, n), HeadingItem)}
    kept = [item for number, item in enumerate(items, 1) if number not in left_out]
    summary = [_summary_item(draft, items) for draft in overview.summary if draft.text.strip()]
    return overview.title.strip() or title, [*summary, *kept]


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


def _summary_item(draft: DraftItem, items: Sequence[SynopsisItem]) -> SynopsisItem:
    """A summary rests on the sources of the notes it cites, if those say what it says."""
    cited = [item for number in draft.cites if (item := _at(items, number)) is not None]
    is_said = supports(" ".join(words_of(item) for item in cited), said_by(draft))
    is_grounded = is_said and all(item.grounded for item in cited) and bool(cited)
    sources: list[Span] = []
    for item in cited if is_grounded else []:
        sources += [source for source in item.sources if source not in sources]
    text = draft.model_copy(update={"kind": "text"})
    return typed_item(text, sources[:_MOST_SOURCES], grounded=is_grounded and bool(sources))
