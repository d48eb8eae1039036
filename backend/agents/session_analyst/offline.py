"""How `offline:extractive` judges: by the words alone, so it says little and guesses nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.agents.session_analyst.contradictions import differing_numbers
from backend.agents.session_analyst.drafts import ContradictionDraft, Findings
from backend.agents.session_analyst.overview import LIKELY, PAIRS, QUESTIONS
from backend.agents.session_analyst.questions import COUNT, spread
from backend.agents.skills import OfflineRequest, offline_skill
from backend.agents.synopsis_manager.page import Line, read

_TOPIC = re.compile(r"\(topic (\d+)\) ")
_NUMBERS = {"ru": "Числа расходятся: {} и {}.", "en": "The numbers differ: {} and {}."}
_DENIED = {
    "ru": "Одно из утверждений отрицает то, что говорит другое.",
    "en": "One of the statements denies what the other says.",
}


@offline_skill(Findings)
def find(request: OfflineRequest) -> Findings:
    """The pairs of nearly the same words, and questions from every topic; of gaps nothing."""
    page = read(request.prompt)
    language = page.headers.get("Write in", "en")
    asked = _section(page.lines, QUESTIONS)
    topics = [int(found[1]) if (found := _TOPIC.match(line.text)) else 0 for line in asked]
    count = int(page.headers.get("Questions at most", str(COUNT)))
    return Findings(
        contradictions=_contradictions(_section(page.lines, PAIRS), language),
        questions=[asked[place].number for place in spread(topics, count)],
    )


def _contradictions(lines: Sequence[Line], language: str) -> list[ContradictionDraft]:
    pairs = zip(lines[::2], lines[1::2], strict=False)
    return [
        ContradictionDraft(
            first=first.number, second=second.number, text=_reason(first, second, language)
        )
        for first, second in pairs
        if first.text.startswith(LIKELY)
    ]


def _reason(first: Line, second: Line, language: str) -> str:
    differing = differing_numbers(first.text, second.text)
    if differing:
        return _NUMBERS.get(language, _NUMBERS["en"]).format(*differing)
    return _DENIED.get(language, _DENIED["en"])


def _section(lines: Sequence[Line], heading: str) -> list[Line]:
    """The lines below a heading."""
    found: list[Line] = []
    is_here = False
    for line in lines:
        if line.kind == "heading":
            is_here = line.text == heading
        elif is_here:
            found.append(line)
    return found
