"""What the report is on: the surveyed material, the plan and the notes of the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from backend.agents.survey.topics import Topic
from backend.agents.synopsis_manager.units import Unit
from backend.domain.artifacts import SYNOPSIS, HeadingItem, Span, Synopsis, SynopsisItem, words_of
from backend.domain.plan import PLAN, CoursePlan
from backend.domain.session_memory import SessionMemory

TopicGroup = list[Topic]


@dataclass(frozen=True)
class Studied:
    """`groups` are the topics as the report shows them; `notes` those that claim something."""

    groups: list[TopicGroup]
    plan: CoursePlan | None
    notes: list[SynopsisItem]
    focus: str

    @cached_property
    def units(self) -> list[Unit]:
        """All that the material says, in order; code isn't said."""
        every = (u for group in self.groups for topic in group for u in topic.units)
        return [unit for unit in every if unit.kind != "code"]

    @property
    def has_notes(self) -> bool:
        return bool(self.notes)


def studied(memory: SessionMemory, groups: list[TopicGroup]) -> Studied:
    """The session with what it has of plan and notes; what can't be read of them isn't there."""
    return Studied(groups, _plan(memory), _notes(memory), memory.session.focus or "")


def notes_on(notes: Sequence[SynopsisItem], spans: Sequence[Span]) -> int:
    """How many notes draw on one of these places."""
    return sum(any(overlap(s, span) for s in item.sources for span in spans) for item in notes)


def overlap(one: Span, other: Span) -> bool:
    same = one.material_id == other.material_id
    return same and one.start < other.end and other.start < one.end


def own_words(notes: Sequence[SynopsisItem]) -> list[str]:
    """What a person wrote into the notes: it claims no source."""
    return [words_of(item) for item in notes if item.grounded and not item.sources]


def _plan(memory: SessionMemory) -> CoursePlan | None:
    try:
        return CoursePlan.model_validate(memory.artifacts.get(PLAN.name))
    except ValidationError:
        return None


def _notes(memory: SessionMemory) -> list[SynopsisItem]:
    try:
        synopsis = Synopsis.model_validate(memory.artifacts.get(SYNOPSIS.name))
    except ValidationError:
        return []
    return [item for item in synopsis.items if not isinstance(item, HeadingItem)]
