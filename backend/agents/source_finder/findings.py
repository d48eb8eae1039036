"""From what a model drafts to gaps and sources, held against what they were made of. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.agents.source_finder.candidates import Candidate
from backend.agents.source_finder.drafts import GapDraft, Gaps, PickDraft, Picks
from backend.agents.source_finder.ranking import Result, best_excerpt
from backend.agents.source_finder.wording import say
from backend.agents.synopsis_manager.grounding import is_of_orders
from backend.agents.synopsis_manager.items import spans_of
from backend.agents.synopsis_manager.units import Unit, orders_in
from backend.agents.text.words import numbers
from backend.domain.artifacts import Span
from backend.domain.sources import FoundSource, Gap

_MOST_QUERIES, _LONGEST_QUERY_CHARS, _LONGEST_TOPIC_CHARS = 3, 120, 160
_SHORTEST_QUOTE_CHARS = 8


def gaps_of(
    drafts: Gaps, possible: Sequence[Candidate], units: Sequence[Unit], most: int
) -> list[Gap]:
    """The gaps that rest on something: a candidate, or sentences of the material.

    What the person asked for is always among them, first.
    """
    asked = [n for n, one in enumerate(possible, start=1) if one.origin == "asked"]
    drafted = {draft.candidate for draft in drafts.gaps}
    missing = [
        GapDraft(topic=possible[n - 1].topic, why=possible[n - 1].why, candidate=n)
        for n in asked
        if n not in drafted
    ]
    ordered = sorted([*drafts.gaps, *missing], key=lambda draft: draft.candidate not in asked)
    orders = orders_in(units)
    by_number = {unit.number: unit for unit in units if unit not in orders}
    gaps: list[Gap] = []
    for draft in ordered:
        allowed = _without_orders(draft, units)
        gap = _gap(len(gaps) + 1, allowed, possible, by_number)
        if gap is not None:
            gaps.append(gap)
    return gaps[:most]


def chosen_sources(
    gaps: Sequence[Gap], shown: Sequence[Result], picks: Picks, language: str
) -> list[FoundSource]:
    """The picked sources in their order, each once; picks of what isn't there are passed over."""
    sources: dict[int, FoundSource] = {}
    for pick in picks.picks:
        closes = [n for n in dict.fromkeys(pick.closes) if 1 <= n <= len(gaps)]
        if closes and 1 <= pick.number <= len(shown) and pick.number not in sources:
            of_gaps = [gaps[number - 1] for number in closes]
            sources[pick.number] = _source(shown[pick.number - 1], pick, of_gaps, language)
    return list(sources.values())


def _without_orders(draft: GapDraft, units: Sequence[Unit]) -> GapDraft:
    """The draft without what the material's orders to a model would have searched for."""
    queries = [query for query in draft.queries if not is_of_orders(query, units)]
    topic = "" if is_of_orders(draft.topic, units) else draft.topic
    return draft.model_copy(update={"queries": queries, "topic": topic})


def _gap(
    number: int, draft: GapDraft, possible: Sequence[Candidate], units: dict[int, Unit]
) -> Gap | None:
    topic = " ".join(draft.topic.split())[:_LONGEST_TOPIC_CHARS]
    why = " ".join(draft.why.split())
    if not topic or not why:
        return None
    cited = spans_of([units[n] for n in dict.fromkeys(draft.cites) if n in units])
    queries = [" ".join(query.split())[:_LONGEST_QUERY_CHARS] for query in draft.queries]
    wanted = list(dict.fromkeys(filter(None, queries)))[:_MOST_QUERIES] or [topic]
    if draft.candidate is not None and 1 <= draft.candidate <= len(possible):
        one = possible[draft.candidate - 1]
        topic = one.topic if one.origin == "asked" else topic
        spans, origin = list(one.sources) or cited, one.origin
    else:
        spans, origin = cited, "material"
    if not spans and origin == "material":
        return None
    return Gap(id=f"g{number}", topic=topic, why=why, origin=origin, queries=wanted, sources=spans)


def _source(result: Result, pick: PickDraft, gaps: Sequence[Gap], language: str) -> FoundSource:
    excerpt = _quoted(result.text, pick.quote) or best_excerpt(result.text, gaps[0].topic)
    hit = result.hit
    return FoundSource(
        kind=result.kind,
        title=result.title,
        providers=list(result.providers),
        closes=[gap.id for gap in gaps],
        why=_why(result, pick, gaps[0], excerpt, language),
        excerpt=excerpt,
        grounded=bool(excerpt),
        score=result.score,
        session_id=hit.session_id if hit else None,
        session_title=hit.session_title if hit else None,
        material=_place(result, excerpt),
        url=result.url,
        doi=result.doi,
        authors=result.authors,
        year=result.year,
    )


def _quoted(text: str, quote: str) -> str:
    """The quotation as it stands in the text; empty if it doesn't."""
    if len(quote.strip()) < _SHORTEST_QUOTE_CHARS:
        return ""
    # The page shows a text in one line, so a quotation may have lost a line break.
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return found[0] if found else ""


def _place(result: Result, excerpt: str) -> Span | None:
    """Where a library's excerpt stands in its material, or the passage that has it."""
    hit = result.hit
    if hit is None:
        return None
    start = hit.text.find(excerpt) if excerpt else -1
    if start < 0:
        return Span(material_id=hit.material_id, start=hit.start, end=hit.end)
    begin = hit.start + start
    return Span(material_id=hit.material_id, start=begin, end=begin + len(excerpt))


def _why(result: Result, pick: PickDraft, gap: Gap, excerpt: str, language: str) -> str:
    """The model's reason, unless it is empty or has a number that nothing it saw has."""
    said = " ".join(pick.why.split())
    seen = " ".join([result.title, result.text, gap.topic, gap.why, *map(str, [result.year])])
    if said and numbers(said) <= numbers(seen):
        return said
    if result.hit is not None:
        return say("library", language, title=result.title, topic=gap.topic)
    return say("work" if excerpt else "title", language, topic=gap.topic)
