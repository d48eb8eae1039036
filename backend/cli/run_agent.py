"""Runs one agent in this process and shows what it tells."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import traceback
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from backend.agents.context import AgentContext, Material, SessionInfo, SessionMemory
from backend.agents.models import aclose_models, build_configured_model
from backend.agents.registry import AgentSpec, all_agents, find_agent, spec_of
from backend.agents.runner import run_agent_with_events
from backend.cli.errors import UnusableFiles
from backend.cli.sources import Source, open_sources
from backend.cli.terminal import say
from backend.documents.errors import DocumentRefused
from backend.documents.reader import read_document
from backend.domain.events import FinalResult, RunEvent
from backend.errors import AgentFailed, InvalidQuery
from backend.settings import Settings
from backend.telemetry.logging import configure_logging

_LONGEST_LINE = 200


@dataclass(frozen=True)
class Wanted:
    """What to run. `name` is an agent's, or that of a Python file; `query` is JSON."""

    name: str
    files: tuple[str, ...] = ()
    query: str = "{}"
    events_as_json: bool = False


def run_in_foreground(wanted: Wanted, settings: Settings) -> dict[str, Any]:
    """The agent's output. What it raised is shown with its traceback, and raised as ours.

    Raises UnknownAgent, InvalidQuery, UnusableFiles, and what the run fails with.
    """
    configure_logging(settings)
    spec = _find(wanted.name)
    query = spec.parse_query(_parsed(wanted.query))
    memory = SessionMemory(SessionInfo("here", title=spec.id), _materials(wanted.files))
    try:
        return asyncio.run(_run(spec, query, memory, settings, wanted.events_as_json))
    except AgentFailed as error:
        if error.__cause__ is not None and error.__cause__ is not error:
            traceback.print_exception(error.__cause__)
        raise


async def _run(
    spec: AgentSpec, query: Any, memory: SessionMemory, settings: Settings, as_json: bool
) -> dict[str, Any]:
    context = AgentContext(
        job_id=uuid4().hex,
        attempt=1,
        memory=memory,
        model=build_configured_model(settings),
        model_name=settings.agents_default_model,
        llm_timeout_s=settings.agent_llm_timeout,
        most_memory_bytes=settings.agent_memory_bytes,
    )
    output: dict[str, Any] = {}
    try:
        async with aclosing(run_agent_with_events(spec, context, query)) as events:
            async for event in events:
                say(_line(event, as_json))
                if isinstance(event, FinalResult):
                    output = event.output
    finally:
        await aclose_models()
    return output


def _line(event: RunEvent, as_json: bool) -> str:
    if as_json:
        return event.model_dump_json(by_alias=True)
    fields = event.model_dump(mode="json", exclude={"type"}, exclude_defaults=True)
    told = " ".join(
        f"{name}={json.dumps(each, ensure_ascii=False)}" for name, each in fields.items()
    )
    return f"{event.type:<14} {told}"[:_LONGEST_LINE]


def _find(name: str) -> AgentSpec:
    path = Path(name)
    if not name.endswith(".py"):
        # What `offstage agents new` has just written here isn't known by its name yet.
        path = path.with_name(f"{path.name}.py")
        if not name.isidentifier() or not path.is_file() or _is_known(name):
            return find_agent(name)
    if not path.is_file():
        raise UnusableFiles(f"{name}: there is no such file.")
    # By its name, so that the process of a plain function can import it as well.
    sys.path.insert(0, str(path.parent.absolute()))
    try:
        module = importlib.import_module(path.stem)
    except ValueError as error:
        raise UnusableFiles(f"{name}: {error}. Is it known already? Run it by its name.") from None
    for target in vars(module).values():
        with suppress(ValueError):
            return spec_of(target)
    raise UnusableFiles(f"{name}: no agent is decorated with @agent(…) in it.")


def _is_known(name: str) -> bool:
    return any(spec.id == name for spec in all_agents())


def _parsed(query: str) -> Any:
    try:
        return json.loads(query)
    except ValueError as error:
        raise InvalidQuery(
            f'--query isn\'t JSON: {error}. Quote it for the shell: --query \'{{"word": "x"}}\''
        ) from None


def _materials(names: tuple[str, ...]) -> tuple[Material, ...]:
    with ExitStack() as stack:
        sources = open_sources(names, stack)
        return tuple(_material(number, each) for number, each in enumerate(sources, start=1))


def _material(number: int, source: Source) -> Material:
    try:
        read = read_document(source.name, None, source.content.read())
    except DocumentRefused as error:
        raise UnusableFiles(error.message) from None
    return Material(f"m{number}", read.title, read.text, read.language, read.format)
