"""What the model sees of the session: its topics, plan, notes, doubtful pairs and questions."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.agents.session_analyst.contradictions import Pair
from backend.agents.session_analyst.questions import Choice
from backend.agents.session_analyst.session import Studied
from backend.agents.survey.grouping import title_of
from backend.agents.synopsis_manager.units import Unit, UnitKind
from backend.domain.artifacts import Span, words_of

TOPICS, PLAN, NOTES, PAIRS, QUESTIONS = (
    "Topics",
    "Plan",
    "Notes",
    "Pairs that may contradict each other",
    "Questions",
)
LIKELY = "(nearly the same words)"
_MOST_NOTES, _MOST_QUESTIONS, _LONGEST_CHARS = 100, 40, 240


@dataclass
class Overview:
    """The lines for the prompt, and what their numbers stand for."""

    lines: list[Unit] = field(default_factory=list)
    topics: dict[int, list[Span]] = field(default_factory=dict)
    pairs: dict[int, Pair] = field(default_factory=dict)
    questions: dict[int, Choice] = field(default_factory=dict)


def overview_of(studied: Studied, pairs: Sequence[Pair], choices: Sequence[Choice]) -> Overview:
    """A section for each sort of thing that there is."""
    overview = Overview()
    _add(overview, TOPICS, "heading")
    for group in studied.groups:
        gist = next((topic for topic in group if topic.gist), None)
        said = f"{title_of(group)}: {gist.gist}" if gist else title_of(group)
        overview.topics[_add(overview, said)] = [topic.span for topic in group]
    if studied.plan is not None:
        _add(overview, PLAN, "heading")
        for module in studied.plan.modules:
            aims = "; ".join(objective.text for objective in module.objectives)
            _add(overview, f"{module.title}: {aims}")
    if studied.notes:
        _add(overview, NOTES, "heading")
        for item in studied.notes[:_MOST_NOTES]:
            _add(overview, words_of(item))
    if pairs:
        _add(overview, PAIRS, "heading")
        for pair in pairs:
            mark = f"{LIKELY} " if pair.likely else ""
            overview.pairs[_add(overview, mark + pair.first.text)] = pair
            _add(overview, mark + pair.second.text)
    if choices:
        _add(overview, QUESTIONS, "heading")
        for choice in choices[:_MOST_QUESTIONS]:
            line = _add(overview, f"(topic {choice.place + 1}) {choice.question.question}")
            overview.questions[line] = choice
    return overview


def _add(overview: Overview, text: str, kind: UnitKind = "item") -> int:
    number = len(overview.lines) + 1
    short = textwrap.shorten(text, _LONGEST_CHARS, placeholder="…") if kind == "item" else text
    overview.lines.append(Unit(number, kind, short, "", 0, 1, paragraph=number, level=1))
    return number
