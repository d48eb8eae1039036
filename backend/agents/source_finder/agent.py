"""`source_finder@v1`: sources that close the gaps of a session."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from backend.agents.asking import Answer, ModelCalls
from backend.agents.context import AgentContext
from backend.agents.models import window_tokens
from backend.agents.registry import agent
from backend.agents.source_finder.candidates import Candidate, candidates
from backend.agents.source_finder.copies import without_copies
from backend.agents.source_finder.drafts import Gaps, Picks
from backend.agents.source_finder.findings import chosen_sources, gaps_of
from backend.agents.source_finder.page import fitting, show_candidates, show_results
from backend.agents.source_finder.prompts import Prompts
from backend.agents.source_finder.query import SourcesQuery
from backend.agents.source_finder.ranking import Result, results_of, spread
from backend.agents.source_finder.searching import PER_QUERY, ask_provider
from backend.agents.source_finder.wording import say
from backend.agents.source_finder.work import Work
from backend.agents.synopsis_manager.parts import PART_CHARS, room_chars
from backend.agents.synopsis_manager.units import Unit, units_of
from backend.agents.text.language import detect_language
from backend.domain.events import FinalResult, RunEvent, ToolCall, ToolResult
from backend.domain.library import LibraryHit
from backend.domain.listed import with_kept
from backend.domain.session_memory import Material
from backend.domain.sources import SOURCES, Gap, SearchReport, Sources
from backend.errors import NoMaterial

MOST_GAPS = 8
# A lecture that the person has in other sessions too takes no place from what is new.
_MOST_COPIES = 6
FINDING_GAPS, SEARCHING, CHOOSING = "finding_gaps", "searching_sources", "choosing_sources"


@agent("source_finder", "v1", saves=SOURCES)
class SourceFinder:
    """Finds sources, in the person's own library and on the web, for what the session lacks."""

    Input, Output = SourcesQuery, Sources
    prompts = Prompts("v1")

    @classmethod
    def prompt_digest(cls) -> str:
        """Changes with each prompt and each form of answer: see prompts/__init__.py."""
        return cls.prompts.digest(gaps=Gaps, picks=Picks)

    async def run(self, context: AgentContext, query: SourcesQuery) -> AsyncIterator[RunEvent]:
        sources = await _Run(context, query, self.prompts).make()
        yield FinalResult(output=sources.model_dump(mode="json", by_alias=True))


@dataclass(frozen=True)
class _Found:
    report: SearchReport
    hits: Sequence[LibraryHit] = ()
    works: Sequence[Work] = ()


class _Run:
    def __init__(self, context: AgentContext, query: SourcesQuery, prompts: Prompts) -> None:
        self.context = context
        self.query = query
        self.prompts = prompts
        self.calls = ModelCalls(context)
        self.room_chars = room_chars(window_tokens(context.model))
        # Gaps, the library and each provider, the choice.
        self.steps = 3 + len(context.web.providers)
        self.done = 0

    async def make(self) -> Sources:
        self._progress(FINDING_GAPS)
        units = await asyncio.to_thread(_units, self.context.materials)
        language = self._language(units)
        gaps = await self._gaps(units, language)
        self._progress(SEARCHING, done=1)
        results, reports = await self._search(gaps)
        self._progress(CHOOSING)
        most = max(self.query.max_sources, len(gaps))
        shown = fitting(spread(results, len(gaps), most), self.room_chars)
        picks = await self._picks(gaps, shown, language)
        sources = chosen_sources(gaps, shown, picks, language)[: self.query.max_sources]
        self._progress(CHOOSING, done=1)
        title = self.context.session.title
        heading = say("heading" if title else "untitled", language, title=title)
        found = Sources(
            title=heading, language=language, gaps=gaps, sources=sources, searched=reports
        )
        return with_kept(found, self.context.memory.artifacts.get(SOURCES.name))

    async def _gaps(self, units: Sequence[Unit], language: str) -> list[Gap]:
        """Raises NoMaterial where there is nothing to find a gap in."""
        possible = await asyncio.to_thread(
            candidates, self.query.topics, self.context.memory.artifacts, units, language
        )
        if not possible:
            raise NoMaterial(
                "There is nothing to look for: add material to the session, or name topics."
            )
        prompt = show_candidates(
            {
                "Title": self.context.session.title,
                "Write in": language,
                "Gaps at most": str(MOST_GAPS),
                **self._wishes(),
            },
            _telling(units, possible, min(PART_CHARS, self.room_chars or PART_CHARS)),
            possible,
        )
        drafts = await self._ask(Gaps, "gaps", prompt)
        return gaps_of(drafts, possible, units, MOST_GAPS)

    async def _picks(self, gaps: Sequence[Gap], shown: Sequence[Result], language: str) -> Picks:
        if not shown:
            return Picks(picks=[])
        headers = {
            "Write in": language,
            "Sources at most": str(self.query.max_sources),
            **self._wishes(),
        }
        prompt = show_results(headers, gaps, shown)
        return await self._ask(Picks, "picks", prompt)

    async def _ask(self, form: type[Answer], prompt_name: str, prompt: str) -> Answer:
        # By what it is asked about: numbers of another material's sentences mean others.
        digest = hashlib.sha256(prompt.encode()).hexdigest()[:16]
        instructions = self.prompts.text(prompt_name)
        return await self.context.step(
            f"{prompt_name}/{digest}",
            lambda: self.calls.ask(form, instructions=instructions, prompt=prompt),
            form,
        )

    async def _search(self, gaps: Sequence[Gap]) -> tuple[list[Result], list[SearchReport]]:
        """The library and all providers at once: a slow one holds up none of the others."""
        asked = [self._library(gaps), *(self._provider(n, gaps) for n in self._names)]
        found = await asyncio.gather(*asked)
        hits = [hit for one in found for hit in one.hits]
        works = [work for one in found for work in one.works]
        results = await asyncio.to_thread(self._results, gaps, hits, works)
        return results, [one.report for one in found]

    def _results(
        self, gaps: Sequence[Gap], hits: Sequence[LibraryHit], works: Sequence[Work]
    ) -> list[Result]:
        return without_copies(results_of(gaps, hits, works), lambda one: one.text, self._own_texts)

    def _not_own(self, found: Sequence[Sequence[LibraryHit]]) -> list[LibraryHit]:
        """The best few for each query, without copies of what the session has itself."""
        hits = [hit for one in found for hit in one]
        new = set(without_copies(hits, lambda hit: hit.text, self._own_texts))
        return [hit for one in found for hit in [h for h in one if h in new][:PER_QUERY]]

    @property
    def _own_texts(self) -> list[str]:
        return [material.text for material in self.context.materials]

    @property
    def _names(self) -> tuple[str, ...]:
        return self.context.web.providers

    async def _library(self, gaps: Sequence[Gap]) -> _Found:
        queries = list(dict.fromkeys(query for gap in gaps for query in gap.queries))
        call_id = "search:library"
        self.context.emit(ToolCall(call_id=call_id, tool=call_id, arguments={"queries": queries}))

        async def search() -> list[LibraryHit]:
            library, limit = self.context.library, PER_QUERY + _MOST_COPIES
            found = [await library.search(query, limit) for query in queries]
            return await asyncio.to_thread(self._not_own, found)

        hits = await self.context.step(call_id, search, list[LibraryHit])
        self.context.emit(ToolResult(call_id=call_id, tool=call_id, summary=str(len(hits))))
        self._progress(SEARCHING, done=1)
        report = SearchReport(
            provider="library", status="searched", queries=len(queries), found=len(hits)
        )
        return _Found(report, hits=hits)

    async def _provider(self, name: str, gaps: Sequence[Gap]) -> _Found:
        found = await ask_provider(self.context, name, gaps)
        self._progress(SEARCHING, done=1)
        return _Found(found.report, works=found.works)

    def _language(self, units: Sequence[Unit]) -> str:
        wished = self.query.language or self.context.session.language
        if wished:
            return wished
        return detect_language(" ".join([*self.query.topics, *(u.text for u in units[:200])]))

    def _wishes(self) -> dict[str, str]:
        session = self.context.session
        return {
            "Goal": session.goal or "",
            "Focus": session.focus or "",
            "Wishes": self.query.instructions or "",
        }

    def _progress(self, note: str, done: int = 0) -> None:
        self.done += done
        self.context.progress(self.done, self.steps, note)


def _units(materials: Sequence[Material]) -> list[Unit]:
    units: list[Unit] = []
    for material in materials:
        units += units_of(material, len(units) + 1)
    return units


def _telling(units: Sequence[Unit], possible: Sequence[Candidate], room: int) -> list[Unit]:
    """As much of the material as there is room for: where gaps show, headings, the beginning."""
    places = {(s.material_id, s.start) for one in possible for s in one.sources}
    first = [unit for unit in units if (unit.material_id, unit.start) in places]
    headings = [unit for unit in units if unit.kind == "heading"]
    chosen: dict[int, Unit] = {}
    for unit in (*first, *headings, *units):
        room -= 0 if unit.number in chosen else len(unit.text) + 8
        if room < 0:
            break
        chosen[unit.number] = unit
    return [chosen[number] for number in sorted(chosen)]
