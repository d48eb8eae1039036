"""The survey of a whole session: its topics in order, each with terms and questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.agents.survey.drafts import PartSurvey, QuestionDraft, TermDraft, TopicDraft
from backend.agents.survey.telling import tells_something
from backend.agents.survey.terms import mentions
from backend.agents.synopsis_manager.extraction.headings import heading_of
from backend.agents.synopsis_manager.grounding import Claim, is_of_orders, verify
from backend.agents.synopsis_manager.items import spans_of
from backend.agents.synopsis_manager.page import Line
from backend.agents.synopsis_manager.parts import Part
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text import cues
from backend.agents.text.words import content_stems
from backend.domain.artifacts import Span


@dataclass(frozen=True)
class Term:
    """A term, and the sentences that explain it."""

    name: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Question:
    """A question, its answer and the sentences that hold it; none: they couldn't be found."""

    question: str
    answer: str
    units: tuple[Unit, ...]

    @property
    def sources(self) -> list[Span]:
        return spans_of(self.units)


@dataclass(frozen=True)
class Topic:
    """Consecutive units of one material on one subject."""

    title: str
    level: int
    units: tuple[Unit, ...]
    gist: str = ""
    gist_units: tuple[Unit, ...] = ()
    terms: tuple[Term, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def material_id(self) -> str:
        return self.units[0].material_id

    @property
    def words(self) -> int:
        return sum(unit.words for unit in self.units if unit.kind not in ("code", "heading"))

    @property
    def span(self) -> Span:
        return Span(material_id=self.material_id, start=self.units[0].start, end=self.units[-1].end)

    @property
    def text(self) -> str:
        return " ".join(unit.text for unit in self.units if unit.kind != "code")


def topics_of(parts: Sequence[Part], surveys: Sequence[PartSurvey]) -> list[Topic]:
    """The topics of all parts in order. Each unit is in one, but those of references and thanks.

    What the model says of the material is held against it: a gist, a term or an answer that isn't
    there goes, and so does one that cites nothing.
    """
    found: list[Topic] = []
    for part, survey in zip(parts, surveys, strict=True):
        for surveyed in _of_part(part, survey):
            topic = _named_apart(surveyed, [one.title for one in found])
            goes_on = not topic.title and bool(found)
            if cues.is_appendix(topic.title):
                continue
            if goes_on and found[-1].material_id == topic.material_id:
                found[-1] = joined(found[-1], topic)
            else:
                found.append(topic if topic.title else replace(topic, title=part.title))
    return found


def _named_apart(topic: Topic, earlier: Sequence[str]) -> Topic:
    """With another title, or none, if one that nobody wrote heads an earlier topic already."""
    is_written = topic.units[0].kind == "heading"
    told = {frozenset(content_stems(title)) for title in earlier}
    if is_written or not topic.title or frozenset(content_stems(topic.title)) not in told:
        return topic
    lines = [Line(unit.number, unit.kind, unit.text, unit.paragraph) for unit in topic.units]
    title, _ = heading_of(lines, Counter(), 0, [*earlier, topic.title])
    if frozenset(content_stems(title)) in told:
        return replace(topic, title="")
    return _with_gist_on(replace(topic, title=title))


def _with_gist_on(topic: Topic) -> Topic:
    """With a gist that speaks of its new title, if one of its sentences does."""
    named = set(content_stems(topic.title))
    fitting = (
        unit
        for unit in topic.units
        if named & set(content_stems(unit.text)) and tells_something(unit.text)
    )
    unit = next(fitting, None)
    return replace(topic, gist=cues.closed(unit.text), gist_units=(unit,)) if unit else topic


def joined(first: Topic, *others: Topic) -> Topic:
    """One topic of consecutive ones; it keeps the title and gist of the first."""
    for other in others:
        first = replace(
            first,
            units=first.units + other.units,
            gist=first.gist or other.gist,
            gist_units=first.gist_units or other.gist_units,
            terms=first.terms + other.terms,
            questions=first.questions + other.questions,
        )
    return first


def _of_part(part: Part, survey: PartSurvey) -> list[Topic]:
    units = part.units
    drafts: list[TopicDraft | None] = [*sorted(survey.topics, key=lambda draft: draft.first)]
    starts = [
        next((i for i, unit in enumerate(units) if unit.number >= draft.first), len(units))
        for draft in drafts
        if draft is not None
    ]
    if not drafts or starts[0] > 0:
        starts = [0, *starts]
        drafts = [None, *drafts]
    topics = []
    for draft, start, end in zip(drafts, starts, [*starts[1:], len(units)], strict=True):
        own = units[start:end]
        if not own:
            continue
        topic = Topic(title="", level=2, units=own)
        if draft is not None:
            gist = verify(Claim(draft.gist, tuple(draft.cites)), own) if draft.gist else None
            topic = replace(
                topic,
                title="" if is_of_orders(draft.title, units) else " ".join(draft.title.split()),
                level=draft.level,
                gist=draft.gist if gist and gist.holds else "",
                gist_units=gist.passages if gist else (),
                terms=tuple(_terms(draft.terms, own)),
            )
        topics.append(replace(topic, questions=tuple(_questions(survey.questions, units, own))))
    return topics


def _terms(drafts: Sequence[TermDraft], own: Sequence[Unit]) -> list[Term]:
    found = []
    for draft in drafts:
        cited = [unit for unit in own if unit.number in draft.cites]
        there = [unit for unit in cited if mentions(unit.text, draft.term)]
        if there:
            found.append(Term(" ".join(draft.term.split()), tuple(there)))
    return found


def _questions(
    drafts: Sequence[QuestionDraft], units: Sequence[Unit], own: Sequence[Unit]
) -> list[Question]:
    """Those whose answer begins among a topic's own units."""
    found = []
    for draft in drafts:
        verdict = verify(Claim(draft.answer, tuple(draft.cites)), units)
        if is_of_orders(draft.question, units):
            continue
        if verdict.holds and verdict.passages[0] in own:
            found.append(Question(draft.question.strip(), draft.answer.strip(), verdict.passages))
    return found
