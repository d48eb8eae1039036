"""`synopsis_manager@v1`: study notes on the session's material."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.models import window_tokens
from backend.agents.offline import OFFLINE_MODEL_NAME
from backend.agents.registry import agent
from backend.agents.synopsis_manager.assembly import (
    MaterialNotes,
    fallback_title,
    join,
    title_for,
    without_empty_headings,
)
from backend.agents.synopsis_manager.current import (
    Current,
    current_of,
    has_new_brief,
    plan_of,
)
from backend.agents.synopsis_manager.items import spans_of
from backend.agents.synopsis_manager.mapping import MERGING, PREPARING, NoteTaker, Task
from backend.agents.synopsis_manager.merging import OVERRUN, within, without_near_repeats
from backend.agents.synopsis_manager.notes import Overview, PartNotes, Repairs
from backend.agents.synopsis_manager.parts import (
    ABSTRACT,
    ABSTRACT_PART_CHARS,
    LONGEST_NOTES_WORDS,
    PART_CHARS,
    Part,
    is_abstract,
    room_chars,
    split,
)
from backend.agents.synopsis_manager.prompts import Prompts
from backend.agents.synopsis_manager.query import SynopsisQuery
from backend.agents.synopsis_manager.summary import summarise
from backend.agents.synopsis_manager.units import Report, orders_in
from backend.agents.synopsis_manager.wishes import fulfil, understood
from backend.agents.text.language import detect_language
from backend.domain.artifacts import SYNOPSIS, Synopsis, SynopsisItem, words_of
from backend.domain.edits import is_own, with_own
from backend.domain.events import FinalResult, RunEvent
from backend.domain.session_memory import Material, SessionMemory
from backend.errors import InvalidOutput


@agent("synopsis_manager", "v1", needs_material=True, saves=SYNOPSIS)
class SynopsisManager:
    """Makes study notes (a synopsis) of the session's material, with their sources."""

    Input, Output = SynopsisQuery, Synopsis
    prompts = Prompts("v1")

    @classmethod
    def prompt_digest(cls) -> str:
        """Changes with each prompt and each form of answer: see prompts/__init__.py."""
        return cls.prompts.digest(notes=PartNotes, overview=Overview, repair=Repairs)

    async def run(self, context: AgentContext, query: SynopsisQuery) -> AsyncIterator[RunEvent]:
        synopsis = await _Run(context, query, self.prompts).make()
        yield FinalResult(output=synopsis.model_dump(mode="json", by_alias=True))


class _Run:
    def __init__(self, context: AgentContext, query: SynopsisQuery, prompts: Prompts) -> None:
        self.context = context
        self.query = query
        self.prompts = prompts
        self.room_chars = room_chars(window_tokens(context.model))
        self.is_offline = context.model_name == OFFLINE_MODEL_NAME
        # Whether an update changes notes that there are: the offline model can't, it would only
        # take them anew and lose what a person changed.
        self.rewrites = not self.is_offline and (
            bool(query.instructions) or has_new_brief(context.memory)
        )
        self.calls = ModelCalls(context)

    async def make(self) -> Synopsis:
        self.context.progress(0, 1, PREPARING)
        materials = [m for m in self.context.materials if m.text.strip()]
        part_chars = min(PART_CHARS, self.room_chars or PART_CHARS)
        is_offline_abstract = self.is_offline and is_abstract(self.query.max_words)
        if is_offline_abstract:
            part_chars = ABSTRACT_PART_CHARS
        parts = await asyncio.to_thread(
            split, materials, self.query.max_words, part_chars, self._preparing(materials)
        )
        is_update = self.query.action == "update"
        written = not self.is_offline
        current = current_of(self.context.memory, parts, written=written) if is_update else None
        wished = self._language(parts)
        headers = _headers(self.context.memory, self.query, wished)
        if is_offline_abstract:
            headers["Form"] = ABSTRACT
        kind = "conversation" if all(part.is_conversation for part in parts) else "text"
        tasks = [
            Task(part, tuple(current.by_part.get(part.index, ())) if current else ())
            for part in parts
            if self._needs_notes(part, current)
        ]
        taker = NoteTaker(self.context, self.calls, self.prompts, headers)
        taken = await taker.take(tasks, len(parts))
        notes = _by_material(parts, taken, current)
        first = parts[0].units[0] if parts else None
        heading = first.text if first is not None and first.kind == "heading" else ""
        headers["Kind"] = kind
        synopsis = await self._put_together(parts, notes, current, heading, headers)
        if not synopsis.items and not self.is_offline:
            raise InvalidOutput("The model answered without a single note on the material.")
        before = current.synopsis.dropped if current and not self.rewrites else 0
        synopsis = synopsis.model_copy(
            update={
                "injections": [s for part in parts for s in spans_of(orders_in(part.units))],
                "dropped": taker.dropped + before,
            }
        )
        self.context.progress(len(tasks) + 1, len(tasks) + 1, MERGING)
        return synopsis

    def _preparing(self, materials: Sequence[Material]) -> Report:
        """Tells from another thread how much of the materials has been divided."""
        loop = asyncio.get_running_loop()
        total = sum(len(material.text) for material in materials)

        def report(chars: int) -> None:
            loop.call_soon_threadsafe(self.context.progress, chars, total, PREPARING)

        return report

    def _needs_notes(self, part: Part, current: Current | None) -> bool:
        """An update that changes nothing asks only about materials the notes don't cover yet."""
        if current is None or self.rewrites:
            return True
        covered = {s.material_id for item in current.synopsis.items for s in item.sources}
        return part.material.id not in covered

    def _language(self, parts: Sequence[Part]) -> str:
        wished = self.query.language or self.context.session.language
        if wished:
            return wished
        return detect_language(" ".join(u.text for p in parts for u in p.units[:50]))

    async def _put_together(
        self,
        parts: Sequence[Part],
        notes: list[MaterialNotes],
        current: Current | None,
        first_heading: str,
        headers: dict[str, str],
    ) -> Synopsis:
        wished = headers["Write in"]
        materials = [one.material for one in notes]
        if current is not None and not self.rewrites:
            title = current.synopsis.title
            items = [*current.summary, *join(notes, title)]
        else:
            title = title_for(materials, first_heading, self.context.session.title)
            proposed = title or fallback_title(wished)
            own = [item for item in current.summary if is_own(item)] if current else []
            merged = with_own(self._merged(join(notes, title)), own)
            joined = [*own, *(item for item in merged if item not in own)]
            max_words = self.query.max_words or LONGEST_NOTES_WORDS
            title, items = await summarise(
                self.context,
                self.calls,
                self.prompts,
                proposed,
                joined,
                headers,
                max_words=max_words,
                max_chars=self.room_chars,
            )
            if not self.is_offline:
                # Their own limit holds to the word; one that was asked for may be overrun a little.
                items = within(items, max_words, OVERRUN if self.query.max_words else 1)
        if self.is_offline:
            wishes = understood(self.query.instructions)
            items = await asyncio.to_thread(fulfil, wishes, items, parts)
        return Synopsis(
            title=title,
            language=self._written_in(items, wished),
            items=without_empty_headings(items),
        )

    def _merged(self, items: list[SynopsisItem]) -> list[SynopsisItem]:
        """The offline model's overview finds what is said twice by itself."""
        return items if self.is_offline else without_near_repeats(items)

    def _written_in(self, items: Sequence[SynopsisItem], wished: str) -> str:
        """The wished language; the offline model can't translate, so there it is looked up."""
        if not self.is_offline or not items:
            return wished
        return detect_language(" ".join(words_of(item) for item in items))


def _headers(memory: SessionMemory, query: SynopsisQuery, language: str) -> dict[str, str]:
    session = memory.session
    return {
        "Write in": language,
        "Wishes": query.instructions or "",
        "Goal": session.goal or "",
        "Focus": session.focus or "",
        "Tone": session.tone or "",
        "Plan": plan_of(memory),
    }


def _by_material(
    parts: Sequence[Part], taken: dict[int, list[SynopsisItem]], current: Current | None
) -> list[MaterialNotes]:
    notes: dict[str, MaterialNotes] = {}
    for part in parts:
        one = notes.setdefault(part.material.id, MaterialNotes(part.material, []))
        kept = current.by_part.get(part.index, []) if current else []
        one.items.extend(taken.get(part.index, kept))
    return list(notes.values())
