"""From a request for a chain to its submissions: all links are checked before any is queued."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.chain import default_chain
from backend.agents.registry import AgentSpec, find_agent
from backend.api.deps import Services
from backend.api.schemas.jobs import ArtifactJobRequest
from backend.api.schemas.pipeline import LinkRequest, PipelineRequest
from backend.api.submitting import prepare
from backend.errors import CallerError, FieldProblem, InvalidQuery, UnknownAgent
from backend.worker.chain import ChainAccepted
from backend.worker.submission import Once, Submission


async def start_chain(
    services: Services, user_id: str, session_id: str, body: PipelineRequest, once: Once | None
) -> tuple[list[str], ChainAccepted]:
    """Put the jobs into the queue. Returns the links' agents too.

    Raises InvalidQuery naming each link at fault, and what `submitting.prepare` and
    `JobQueue.submit_chain` raise.
    """
    links = body.agents or [LinkRequest(agent=spec.id) for spec in default_chain()]
    agents = [link.agent for link in links]
    try:
        submissions = await _prepare(services, user_id, session_id, links)
    except CallerError:
        # What was answered once is answered again, also if the session is gone by now.
        if once and (before := await services.queue.recall_chain(user_id, once)):
            return agents, before
        raise
    limits = await services.limits.of(user_id)
    return agents, await services.queue.submit_chain(submissions, once, limits)


async def _prepare(
    services: Services, user_id: str, session_id: str, links: Sequence[LinkRequest]
) -> list[Submission]:
    specs = _agents_of(links)
    submissions = []
    for spec, link in zip(specs, links, strict=True):
        body = ArtifactJobRequest(session_id=session_id, query=link.query)
        submissions.append(await prepare(services.engine, user_id, spec.id, spec.version, body))
    return submissions


def _agents_of(links: Sequence[LinkRequest]) -> list[AgentSpec]:
    """Raises InvalidQuery for what can be told without looking at the session, all at once."""
    specs: list[AgentSpec] = []
    problems: list[FieldProblem] = []
    for number, link in enumerate(links):
        try:
            spec = find_agent(f"{link.agent}@{link.version}" if link.version else link.agent)
            spec.parse_query(link.query)
        except UnknownAgent as error:
            problems.append(FieldProblem(f"agents.{number}.agent", error.message))
            continue
        except InvalidQuery as error:
            problems += [
                FieldProblem(f"agents.{number}.{each.field}", each.message)
                for each in error.problems
            ]
            continue
        if spec in specs:
            again = f"{spec.name} is in this chain already; an agent has one place in it."
            problems.append(FieldProblem(f"agents.{number}.agent", again))
        specs.append(spec)
    if problems:
        raise InvalidQuery("The chain can't run as it is.", problems=problems)
    return specs
