"""Takes the notes on every part, a few at a time, each as a durable step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.synopsis_manager import current as current_notes
from backend.agents.synopsis_manager.checking import Checker
from backend.agents.synopsis_manager.items import code_item, spans_of, typed_item
from backend.agents.synopsis_manager.notes import DraftItem, PartNotes
from backend.agents.synopsis_manager.page import show
from backend.agents.synopsis_manager.parts import Part
from backend.agents.synopsis_manager.prompts import Prompts
from backend.domain.artifacts import SynopsisItem
from backend.domain.edits import with_own

T = TypeVar("T")
AT_ONCE = 4
# Keys that the page translates.
PREPARING, READING, WRITING, MERGING = "preparing", "reading", "writing", "merging"


@dataclass(frozen=True)
class Task:
    """One part to take notes on; `current` are the notes there are on it already."""

    part: Part
    current: tuple[SynopsisItem, ...] = ()


class NoteTaker:
    """Asks the model for the notes on parts. `headers` go into every prompt.

    `dropped` counts the items that only did what an order in the material says.
    """

    def __init__(
        self,
        context: AgentContext,
        calls: ModelCalls,
        prompts: Prompts,
        headers: dict[str, str],
    ) -> None:
        self._context = context
        self._calls = calls
        self._prompts = prompts
        self._headers = headers
        self._checker = Checker(context, calls, prompts, headers)
        self._done = 0
        self.dropped = 0

    async def take(self, tasks: Sequence[Task], part_count: int) -> dict[int, list[SynopsisItem]]:
        """The items for each task, by the part's index. Progress counts one more: the merging.

        After a failure no further part is begun, but those under way are finished: their notes
        are kept as steps, so that a retry doesn't pay for them again.
        """
        total = len(tasks) + 1
        self._context.progress(0, total, READING)

        async def one(task: Task) -> list[SynopsisItem]:
            notes = await self._context.step(
                f"notes/{task.part.key}", lambda: self._ask(task, part_count), PartNotes
            )
            items = await self._items(notes, task)
            self._done += 1
            note = WRITING if self._done < len(tasks) else MERGING
            self._context.progress(self._done, total, note)
            return items

        found = await few_at_a_time([partial(one, task) for task in tasks], AT_ONCE)
        return {task.part.index: items for task, items in zip(tasks, found, strict=True)}

    async def _ask(self, task: Task, part_count: int) -> PartNotes:
        part = task.part
        headers = {
            "Title": part.title,
            "Part": f"{part.index + 1} of {part_count}",
            "Kind": "conversation" if part.is_conversation else "text",
            "Opens the material": "yes" if part.is_opening else "",
            "Words at most": str(part.max_words),
            **self._headers,
        }
        after = current_notes.shown(task.current) if task.current else ""
        page = show(headers, part.units, after)
        return await self._calls.ask(
            PartNotes, instructions=self._prompts.text("notes"), prompt=page
        )

    async def _items(self, notes: PartNotes, task: Task) -> list[SynopsisItem]:
        """The drafts as items: kept ones as they were, code as it stands, all else checked."""
        units = task.part.units
        claims = [draft for draft in notes.items if _is_claim(draft)]
        checked = iter(await self._checker.check(task.part.key, claims, units))
        items: list[SynopsisItem | None] = []
        for draft in notes.items:
            if _is_claim(draft):
                one = next(checked)
                if one.obeys:
                    self.dropped += 1
                    continue
                items.append(typed_item(one.draft, spans_of(one.passages), one.repaired))
            elif draft.keeps is not None:
                items.append(_kept(draft.keeps, task.current))
            else:
                items.append(code_item(draft, units))
        kept = [item for item in items if item is not None]
        # A person's words go when that person takes them out, not when a model forgets them.
        return with_own(kept, task.current)


def _is_claim(draft: DraftItem) -> bool:
    return draft.keeps is None and draft.kind != "code"


def _kept(number: int, current: Sequence[SynopsisItem]) -> SynopsisItem | None:
    return current[number - 1] if 0 < number <= len(current) else None


async def few_at_a_time(works: Sequence[Callable[[], Awaitable[T]]], at_once: int) -> list[T]:
    """The results in order, with at most `at_once` under way.

    Raises the first failure once what was under way has ended; nothing new is begun after it.
    """
    slots = asyncio.Semaphore(at_once)
    failures: list[BaseException] = []

    async def guarded(work: Callable[[], Awaitable[T]]) -> T | None:
        async with slots:
            if failures:
                return None
            try:
                return await work()
            except Exception as error:
                failures.append(error)
                return None

    results = await asyncio.gather(*(guarded(work) for work in works))
    if failures:
        raise failures[0]
    return [result for result in results if result is not None]
