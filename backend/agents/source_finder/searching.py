"""Asks one provider for all gaps. What goes wrong there stays there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel, Field

from backend.agents.context import AgentContext
from backend.agents.source_finder.providers import Provider, provider
from backend.agents.source_finder.work import Work
from backend.agents.text.language import detect_language
from backend.domain.events import ToolCall, ToolResult
from backend.domain.sources import Gap, SearchReport
from backend.errors import FetchError

PER_QUERY = 6
MOST_QUERIES = 8
_PROVIDER_TIMEOUT_S = 60.0


class ProviderFound(BaseModel):
    """What a provider brought, and how it did."""

    works: list[Work] = Field(default_factory=list)
    report: SearchReport


async def ask_provider(context: AgentContext, name: str, gaps: Sequence[Gap]) -> ProviderFound:
    """The provider's works. Never raises for what the provider does: the report says it.

    A search that went well is a step of the job; one that failed is done again by a later attempt.
    """
    call_id = f"search:{name}"
    queries = _queries(name, gaps)
    context.emit(ToolCall(call_id=call_id, tool=call_id, arguments={"queries": queries}))
    works: list[Work] = []
    problem = ""
    try:
        async with asyncio.timeout(_PROVIDER_TIMEOUT_S):
            works = await context.step(
                call_id, lambda: _search(context, provider(name), queries, works), list[Work]
            )
    except FetchError as error:
        problem = error.message
    except TimeoutError:
        problem = f"It took more than {_PROVIDER_TIMEOUT_S:g} s."
    except ValueError:
        problem = "It answered something that isn't of its form."
    report = SearchReport(
        provider=name,
        status="failed" if problem else "searched",
        queries=len(queries),
        found=len(works),
        problem=problem or None,
    )
    if problem:
        context.log.warning("a provider of sources failed", provider=name, problem=problem)
    summary = problem or str(len(works))
    context.emit(ToolResult(call_id=call_id, tool=call_id, summary=summary))
    return ProviderFound(works=works, report=report)


async def _search(
    context: AgentContext, asked: Provider, queries: Sequence[str], works: list[Work]
) -> list[Work]:
    """One query after the other; `works` grows, so that what came before a failure is kept."""
    for query in queries:
        url = asked.address(query, detect_language(query), PER_QUERY, context.web.contact)
        body = await context.web.fetch(url, accept=asked.ACCEPT, pause_s=asked.PAUSE_S)
        works.extend((await asyncio.to_thread(asked.read, body))[:PER_QUERY])
    return works


def _queries(name: str, gaps: Sequence[Gap]) -> list[str]:
    """One for each gap: in English where that is what the provider knows, if there is one."""
    chosen = []
    for gap in gaps:
        english = [query for query in gap.queries if detect_language(query) == "en"]
        chosen.append((english or gap.queries)[0] if name != "wikipedia" else gap.queries[0])
    return list(dict.fromkeys(chosen))[:MOST_QUERIES]
