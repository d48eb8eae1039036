"""The outline of a material that a plan is made from: what the model sees, and what it stands for.

## [1] What is ownership?
- [2] Words: 193 (material 1)
- [3] Says: Ownership is a set of rules …
- [4] Term: Ownership
- [5] Question: What does “ownership” mean?
- [6] Builds on [9]: reference, borrowing
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from backend.agents.survey.dependencies import needed_by
from backend.agents.survey.grouping import group, title_of
from backend.agents.survey.topics import Question, Topic, joined
from backend.agents.synopsis_manager.page import Line
from backend.agents.synopsis_manager.units import Unit, UnitKind

# More topics than this are shown together, by the headings above them.
_MOST_TOPICS = 60
_WORDS = re.compile(r"Words: (?P<words>\d+) \(material (?P<material>\d+)\)$")
_BUILDS_ON = re.compile(r"Builds on \[(?P<topic>\d+)\]: ")
_SAYS, _TERM, _QUESTION = "Says: ", "Term: ", "Question: "


@dataclass
class Outline:
    """The lines for the prompt, and what each number stands for."""

    lines: list[Unit] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    questions: dict[int, Question] = field(default_factory=dict)
    units: dict[int, tuple[Unit, ...]] = field(default_factory=dict)


@dataclass
class SeenTopic:
    """A topic as the page shows it. Numbers are those of the page's lines."""

    number: int
    title: str
    level: int
    words: int = 0
    material_id: str = ""
    says: tuple[int, str] | None = None
    terms: list[tuple[int, str]] = field(default_factory=list)
    questions: list[tuple[int, str]] = field(default_factory=list)
    builds_on: list[int] = field(default_factory=list)


def outline_of(topics: Sequence[Topic]) -> Outline:
    """The outline of the topics, those of long materials taken together."""
    groups = group(topics, _MOST_TOPICS) if len(topics) > _MOST_TOPICS else [[t] for t in topics]
    shown = [_as_one(together) for together in groups]
    materials = list(dict.fromkeys(topic.material_id for topic in shown))
    outline = Outline()
    numbers: list[int] = []
    for topic, needed in zip(shown, needed_by([[topic] for topic in shown]), strict=True):
        number = _add(outline, "heading", topic.title, topic.units[:1], topic.level)
        numbers.append(number)
        outline.topics[number] = topic
        material = materials.index(topic.material_id) + 1
        _add(outline, "item", f"Words: {topic.words} (material {material})", ())
        if topic.gist:
            _add(outline, "item", _SAYS + topic.gist, topic.gist_units)
        for term in topic.terms:
            _add(outline, "item", _TERM + term.name, term.units)
        for question in topic.questions:
            line = _add(outline, "item", _QUESTION + question.question, question.units)
            outline.questions[line] = question
        for home, terms in needed.items():
            _add(outline, "item", f"Builds on [{numbers[home]}]: {', '.join(terms)}", ())
    return outline


def read_outline(lines: Sequence[Line]) -> list[SeenTopic]:
    """The topics of a page that shows an outline."""
    topics: list[SeenTopic] = []
    for line in lines:
        if line.kind == "heading":
            topics.append(SeenTopic(line.number, line.text, line.level))
        elif topics:
            _read_item(topics[-1], line)
    return topics


def _read_item(topic: SeenTopic, line: Line) -> None:
    if words := _WORDS.match(line.text):
        topic.words, topic.material_id = int(words["words"]), words["material"]
    elif builds_on := _BUILDS_ON.match(line.text):
        topic.builds_on.append(int(builds_on["topic"]))
    elif line.text.startswith(_SAYS):
        topic.says = line.number, line.text.removeprefix(_SAYS)
    elif line.text.startswith(_TERM):
        topic.terms.append((line.number, line.text.removeprefix(_TERM)))
    elif line.text.startswith(_QUESTION):
        topic.questions.append((line.number, line.text.removeprefix(_QUESTION)))


def _as_one(topics: Sequence[Topic]) -> Topic:
    if len(topics) == 1:
        return topics[0]
    return replace(joined(topics[0], *topics[1:]), title=title_of(topics))


def _add(
    outline: Outline, kind: UnitKind, text: str, units: tuple[Unit, ...], level: int = 1
) -> int:
    number = len(outline.lines) + 1
    outline.lines.append(Unit(number, kind, text, "", 0, 1, paragraph=number, level=level))
    outline.units[number] = units
    return number
