"""How `offline:extractive` answers this agent's questions."""

from __future__ import annotations

from backend.agents.skills import OfflineRequest, offline_skill
from backend.agents.synopsis_manager.extraction.abstract import (
    abstract_overview,
    candidates_for_abstract,
    is_abstract,
)
from backend.agents.synopsis_manager.extraction.choosing import choose
from backend.agents.synopsis_manager.extraction.overview import overview_of
from backend.agents.synopsis_manager.extraction.scoring import score
from backend.agents.synopsis_manager.extraction.sections import named_for, sections_of
from backend.agents.synopsis_manager.extraction.writing import write
from backend.agents.synopsis_manager.notes import Overview, PartNotes, Repairs
from backend.agents.synopsis_manager.page import read


@offline_skill(PartNotes)
def take_notes(request: OfflineRequest) -> PartNotes:
    """Notes made of the page's own sentences; each item cites those it consists of."""
    page = read(request.prompt)
    if is_abstract(page.headers):
        return PartNotes(items=candidates_for_abstract(page))
    sections = sections_of(page.lines)
    scored = score(sections, page.headers.get("Title", ""))
    chosen = choose(
        sections,
        scored,
        max_words=int(page.headers.get("Words at most", "150")),
        opens_material="Opens the material" in page.headers,
    )
    is_conversation = page.headers.get("Kind") == "conversation"
    return PartNotes(items=write(named_for(sections, chosen), chosen, is_conversation))


@offline_skill(Overview)
def look_over(request: OfflineRequest) -> Overview:
    """The proposed title, the most central sentences of the notes, and the notes said twice."""
    page = read(request.prompt)
    return abstract_overview(page) if is_abstract(page.headers) else overview_of(page)


@offline_skill(Repairs)
def put_right(request: OfflineRequest) -> Repairs:
    """Nothing: it writes no sentence of its own, so what isn't said it can't say otherwise."""
    return Repairs(items=[])
