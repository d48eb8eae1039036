"""`run_agent_with_events`: the one way an agent runs, in the worker, in `sync` mode, in tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from contextvars import ContextVar
from functools import partial

from pydantic import BaseModel, ValidationError

from backend.agents.context import AgentContext
from backend.agents.measured import create_measured_task
from backend.agents.memory_account import ledger
from backend.agents.memory_rules import asked_for_too_much
from backend.agents.model_errors import as_offstage_error
from backend.agents.places import home_of, place_of
from backend.agents.registry import AgentSpec
from backend.agents.shapes import EVENT_TYPES, events_of
from backend.agents.tracing import trace_model_calls
from backend.domain.events import (
    FinalResult,
    Progress,
    RunEvent,
    RunStarted,
    TextDelta,
    ToolCall,
    ToolResult,
)
from backend.errors import AgentFailed, InvalidOutput, NoMaterial, OffstageError

trace_model_calls()

# How long a cancelled agent may take to clean up.
CANCEL_GRACE_S = 2.0
_CANCELS = 4
LONGEST_EVENT_CHARS = 100_000
# An agent that never waits is heard only when it does; until then its oldest events give way.
MOST_EVENTS_WAITING = 20_000

running_agent: ContextVar[str] = ContextVar("running_agent", default="")
"""Which agent's code runs here: in the run itself and in all tasks it starts."""


async def run_agent_with_events(
    spec: AgentSpec, context: AgentContext, query: BaseModel
) -> AsyncGenerator[RunEvent, None]:
    """Run the agent and yield what it tells, `run_started` first and `final_result` last.

    Events that the agent emits through its context and those it yields come in the order they
    were told. Closing this iterator cancels the agent.

    Raises an OffstageError, whatever the agent or its model raised: nothing else comes out.
    """
    if spec.needs_material and not any(m.text.strip() for m in context.materials):
        raise NoMaterial("The session has no material yet: add a text or a file to it first.")
    told: asyncio.Queue[RunEvent | None] = asyncio.Queue()
    context._emit = partial(_put, spec, told)
    told.put_nowait(
        RunStarted(
            agent=spec.id, version=spec.version, attempt=context.attempt, model=context.model_name
        )
    )
    account = ledger.open(spec.name, context.most_memory_bytes, partial(told.put_nowait, None))
    run = create_measured_task(_tell(spec, context, query, told), account)
    # An agent left behind (see `_stop`) may fail later, unheard.
    run.add_done_callback(lambda task: task.cancelled() or task.exception())
    try:
        while (event := await told.get()) is not None:
            yield event
        if account.stopped:
            raise AgentFailed(account.stopped)
        await asyncio.wait({run})
        if run.cancelled():
            raise AgentFailed(
                f"{spec.name} ended by a cancellation that nobody asked for: catch CancelledError "
                "where it awaits a task that it cancelled."
            )
        yield _checked(spec, run.result())
    except Exception as error:
        if account.stopped:
            raise AgentFailed(account.stopped) from None
        raise _told_to_its_author(spec, context, error) from error
    finally:
        try:
            await _stop(spec, run, context)
        finally:
            ledger.close(account)


async def _stop(
    spec: AgentSpec, run: asyncio.Task[FinalResult | None], context: AgentContext
) -> None:
    """Cancel the agent and wait for it to clean up, but not for ever: one that swallows its
    cancellation is left behind, unheard, so that it holds up no timeout, cancel or shutdown."""
    try:
        for _ in range(_CANCELS):
            if run.done():
                break
            # Said again, since a library may lose it: Python 3.11's wait_for does, when what it
            # waits for is ready at that moment.
            run.cancel()
            await asyncio.wait({run}, timeout=CANCEL_GRACE_S / _CANCELS)
    finally:
        context._emit = _drop
        if not run.done():
            context.log.error(
                "the agent ignores its cancellation and is left behind: let CancelledError pass",
                agent=spec.name,
            )


def _told_to_its_author(spec: AgentSpec, context: AgentContext, error: Exception) -> OffstageError:
    """The error of our tree; of one that the agent didn't mean to raise, also where it came from.

    Its message stays out: it may repeat what a person or a provider wrote.
    """
    if _of_memory(error):
        return AgentFailed(asked_for_too_much(spec.name, context.most_memory_bytes))
    meant = as_offstage_error(error)
    if meant is error or type(meant) is not AgentFailed:
        return meant
    place = place_of(error, home_of(spec.target))
    context.log.error("the agent raised", agent=spec.name, kind=type(error).__name__, at=place)
    return AgentFailed(
        f"{spec.name} raised {type(error).__name__} at {place}. "
        f"`offstage agents run {spec.id}` shows the whole traceback."
    )


def _of_memory(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return any(map(_of_memory, error.exceptions))
    return isinstance(error, MemoryError)


def _put(spec: AgentSpec, told: asyncio.Queue[RunEvent | None], event: RunEvent) -> None:
    if not isinstance(event, EVENT_TYPES):
        raise AgentFailed(
            f"{spec.name} emitted an object of {type(event).__name__}: emit events of "
            "backend.domain.events."
        )
    if _length_of(event) > LONGEST_EVENT_CHARS:
        raise AgentFailed(
            f"{spec.name} told {event.type!r} with more than {LONGEST_EVENT_CHARS} characters: "
            "tell it in pieces, or return it as a part of the output."
        )
    if told.qsize() >= MOST_EVENTS_WAITING:
        told.get_nowait()
    told.put_nowait(event)


def _length_of(event: RunEvent) -> int:
    """Roughly, and quickly: of the text that an agent may make as long as it likes."""
    match event:
        case TextDelta(text=text) | Progress(note=text) | ToolResult(summary=text):
            return len(text)
        case ToolCall(arguments=arguments):
            return len(repr(arguments))
        case _:
            return 0


def _drop(event: RunEvent) -> None:
    """For what an agent tells after its run has ended."""


async def _tell(
    spec: AgentSpec,
    context: AgentContext,
    query: BaseModel,
    told: asyncio.Queue[RunEvent | None],
) -> FinalResult | None:
    """Drive the agent's generator; the final result is held back until it ended."""
    running_agent.set(spec.name)
    final: FinalResult | None = None
    try:
        async with aclosing(events_of(spec, context, query)) as events:
            async for event in events:
                if isinstance(event, FinalResult):
                    final = event
                else:
                    _put(spec, told, event)
        return final
    except SystemExit:
        raise AgentFailed(
            f"{spec.name} called sys.exit(): return, or raise an error instead."
        ) from None
    finally:
        told.put_nowait(None)


def _checked(spec: AgentSpec, final: FinalResult | None) -> FinalResult:
    if final is None:
        raise InvalidOutput(f"{spec.name} ended without a final_result: yield one at the end.")
    try:
        output = spec.output.model_validate(final.output)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, e["loc"])) or "(the whole)" for e in error.errors())
        raise InvalidOutput(
            f"The output of {spec.name} doesn't fit {spec.output.__name__} at: {fields}."
        ) from None
    return FinalResult(output=output.model_dump(mode="json", by_alias=True))
