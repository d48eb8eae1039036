"""The forms that an agent may have; each is told as events.

    async def name(context, query): yield …      events as they come, the output last
    async def name(context, query): return …     the output alone
    def name(memory, query): return …            a plain function: it may block as it likes

A class has one of them as its `run(self, …)`. The output is told as an object of the output model
or as `FinalResult`. A plain function runs in a process of its own and gets the session's memory in
place of a context.
"""

from __future__ import annotations

import inspect
import pickle
from collections.abc import AsyncGenerator
from typing import Any, cast, get_args

from pydantic import BaseModel

from backend.agents.blocking import run_blocking
from backend.agents.context import AgentContext
from backend.agents.own_process import call_apart
from backend.agents.places import home_of, note_place
from backend.agents.registry import AgentSpec
from backend.domain.events import FinalResult, RunEvent
from backend.domain.session_memory import SessionMemory
from backend.errors import AgentFailed, InvalidOutput

EVENT_TYPES: tuple[type, ...] = get_args(get_args(RunEvent)[0])


async def events_of(
    spec: AgentSpec, context: AgentContext, query: BaseModel
) -> AsyncGenerator[RunEvent, None]:
    """What the agent tells. Closing this closes the agent; cancelling a plain one kills it."""
    run = _callable(spec.target)
    if inspect.iscoroutinefunction(run):
        yield FinalResult(output=_plain(await run(context, query)))
    elif inspect.isasyncgenfunction(run):
        told = run(context, query)
        try:
            async for each in told:
                yield _event(spec, each)
        finally:
            await told.aclose()
    else:
        yield FinalResult(output=await _in_a_process(spec, context, query))


def _callable(target: Any) -> Any:
    return target().run if isinstance(target, type) else target


def _event(spec: AgentSpec, told: object) -> RunEvent:
    if isinstance(told, EVENT_TYPES):
        return cast("RunEvent", told)
    if isinstance(told, spec.output):
        return FinalResult(output=_plain(told))
    raise InvalidOutput(
        f"{spec.name} yielded an object of {type(told).__name__}: yield events of "
        f"backend.domain.events, and last an object of {spec.output.__name__}."
    )


async def _in_a_process(spec: AgentSpec, context: AgentContext, query: BaseModel) -> dict[str, Any]:
    try:
        pickle.dumps(spec.target)
    except (pickle.PicklingError, AttributeError):
        raise AgentFailed(
            f"{spec.name} runs in a process of its own, which can't find it: define it at the top "
            "of a module, or make it `async def`."
        ) from None
    most_bytes = context.most_memory_bytes
    args = (spec.target, context.memory, query)
    outcome = await run_blocking(call_apart, _call_plain, args, most_bytes)
    return cast("dict[str, Any]", outcome.result_of(spec.name, most_bytes))


def _call_plain(target: Any, memory: SessionMemory, query: BaseModel) -> dict[str, Any]:
    try:
        return _plain(_callable(target)(memory, query))
    except BaseException as error:
        note_place(error, home_of(target))
        raise


def _plain(output: object) -> dict[str, Any]:
    """An output as JSON; what isn't an object is left for the output model to refuse."""
    if isinstance(output, BaseModel):
        return output.model_dump(mode="json")
    return output if isinstance(output, dict) else {"output": output}
