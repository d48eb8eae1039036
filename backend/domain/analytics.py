"""What a session's material, plan and notes amount to: figures, coverage, gaps, questions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, StrictBool

from backend.domain.artifacts import ArtifactKind, Number, Span, WholeNumber
from backend.domain.events import CamelModel
from backend.domain.listed import Listed, Lists

Difficulty = Literal["easy", "medium", "hard"]
Coverage = Literal["covered", "partly", "missing"]
# A person's words claim no place in the material.
_OF_NO_PLACE = {"edited": True, "sources": [], "grounded": True}
GapKind = Literal["plan", "notes", "goal", "term", "other"]


class Passage(CamelModel):
    """Words of the material or the notes, and where in the material they come from."""

    text: str = Field(min_length=1)
    sources: list[Span] = Field(default_factory=list)


class Figures(CamelModel):
    """Of all the material together. `reading_ease` is Flesch's: 100 reads easily, 0 hardly."""

    words: WholeNumber = Field(ge=0)
    sentences: WholeNumber = Field(ge=0)
    reading_minutes: WholeNumber = Field(ge=0)
    words_per_sentence: Number = Field(ge=0)
    reading_ease: Number = Field(ge=0, le=100)
    difficulty: Difficulty


class TopicReport(CamelModel):
    """One topic and its part of the material. `notes` counts the notes that draw on it.

    `made_as` is the title that the agent gave it, where a person gave it another; else empty.
    """

    title: str = Field(min_length=1)
    made_as: str = ""
    words: WholeNumber = Field(ge=0)
    share: Number = Field(ge=0, le=1)
    reading_minutes: WholeNumber = Field(ge=0)
    difficulty: Difficulty
    notes: WholeNumber = Field(ge=0)
    sources: list[Span] = Field(default_factory=list)


class ModuleCoverage(CamelModel):
    """How far the material and the notes carry one module of the plan.

    Of its `objectives`, `in_material` are spoken of in the material and `in_notes` in the notes.
    """

    module_id: str
    title: str = Field(min_length=1)
    words: WholeNumber = Field(ge=0)
    objectives: WholeNumber = Field(ge=0)
    in_material: WholeNumber = Field(ge=0)
    in_notes: WholeNumber = Field(ge=0)
    coverage: Coverage


class ReportGap(Listed):
    """Something that is missing. `subject` is a few words to search for."""

    OWN: ClassVar = _OF_NO_PLACE

    kind: GapKind
    subject: str = Field(min_length=1)
    text: str = Field(min_length=1)
    sources: list[Span] = Field(default_factory=list)
    grounded: StrictBool = True

    @property
    def key(self) -> str:
        return self.text


class Contradiction(Listed):
    """Two statements that can't both hold, as far as their words tell."""

    text: str = Field(min_length=1)
    statements: list[Passage] = Field(min_length=2, max_length=2)

    @property
    def key(self) -> str:
        return " / ".join(statement.text for statement in self.statements)


class EarlyTerm(Listed):
    """A term that is used before it is explained."""

    term: str = Field(min_length=1)
    used: Passage
    defined: Passage

    @property
    def key(self) -> str:
        return self.term


class SelfCheck(Listed):
    """A question to oneself; the sources hold its answer."""

    OWN: ClassVar = _OF_NO_PLACE

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    topic: str = ""
    sources: list[Span] = Field(default_factory=list)
    grounded: StrictBool = True

    @property
    def key(self) -> str:
        return f"{self.question} {self.answer}"


class Analytics(Lists):
    """The report. `plan` is empty without a plan."""

    LISTS: ClassVar = ("gaps", "contradictions", "early_terms", "questions")

    language: str
    figures: Figures
    topics: list[TopicReport]
    plan: list[ModuleCoverage] = Field(default_factory=list)
    gaps: list[ReportGap] = Field(default_factory=list)
    contradictions: list[Contradiction] = Field(default_factory=list)
    early_terms: list[EarlyTerm] = Field(default_factory=list)
    questions: list[SelfCheck] = Field(default_factory=list)


ANALYTICS = ArtifactKind("analytics", Analytics, made_from=("plan", "synopsis"))
