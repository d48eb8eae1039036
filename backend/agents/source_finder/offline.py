"""How `offline:extractive` answers this agent's questions: it takes over and puts in order."""

from __future__ import annotations

from backend.agents.skills import OfflineRequest, offline_skill
from backend.agents.source_finder.drafts import GapDraft, Gaps, PickDraft, Picks
from backend.agents.source_finder.page import (
    ShownResult,
    read_headers,
    read_results,
    read_topics,
)
from backend.agents.source_finder.ranking import best_excerpt
from backend.agents.source_finder.wording import say

_MOST_CLOSED = 3


@offline_skill(Gaps)
def name_gaps(request: OfflineRequest) -> Gaps:
    """The first candidates as they are; each is its own query."""
    most = int(read_headers(request.prompt).get("Gaps at most", "8"))
    found = read_topics(request.prompt, "candidates")[:most]
    return Gaps(
        gaps=[
            GapDraft(topic=one.topic, why=one.why, queries=[one.topic], candidate=one.number)
            for one in found
        ]
    )


@offline_skill(Picks)
def pick_sources(request: OfflineRequest) -> Picks:
    """What was found, in the order it came, each for the gaps that it has the words of."""
    language = read_headers(request.prompt).get("Write in", "en")
    topics = {one.number: one.topic for one in read_topics(request.prompt, "gaps")}
    picks = []
    for result in read_results(request.prompt):
        closes = [number for number in result.gaps if number in topics][:_MOST_CLOSED]
        if closes:
            topic = topics[closes[0]]
            quote = best_excerpt(result.text, topic)
            why = _why(result, topic, quote, language)
            picks.append(PickDraft(number=result.number, closes=closes, why=why, quote=quote))
    return Picks(picks=picks)


def _why(result: ShownResult, topic: str, quote: str, language: str) -> str:
    if result.provider == "library":
        return say("library", language, title=result.title, topic=topic)
    if result.provider == "wikipedia":
        return say("encyclopedia", language, topic=topic)
    return say("work" if quote else "title", language, topic=topic)
