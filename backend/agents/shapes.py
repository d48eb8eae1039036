"""The forms that an agent's `run` may have; each is told as events.

    async def run(self, context, query): yield …      events as they come, `FinalResult` last
    async def run(self, context, query): return …     the output alone
    def run(self, memory, query): return …            a plain function: it may block as it likes

A plain function runs in a process of its own and gets the session's memory in place of a context.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator
from typing import Any

from pydantic import BaseModel

from backend.agents.blocking import run_blocking
from backend.agents.context import AgentContext
from backend.agents.registry import AgentSpec
from backend.domain.events import FinalResult, RunEvent
from backend.domain.session_memory import SessionMemory


async def events_of(
    spec: AgentSpec, context: AgentContext, query: BaseModel
) -> AsyncGenerator[RunEvent, None]:
    """What the agent tells. Closing this closes the agent; cancelling a plain one kills it."""
    run: Any = spec.cls().run
    if inspect.iscoroutinefunction(run):
        yield FinalResult(output=_plain(await run(context, query)))
    elif inspect.isasyncgenfunction(run):
        events = run(context, query)
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()
    else:
        output = await run_blocking(_call_plain, spec.cls, context.memory, query)
        yield FinalResult(output=output)


def _call_plain(cls: type[Any], memory: SessionMemory, query: BaseModel) -> dict[str, Any]:
    return _plain(cls().run(memory, query))


def _plain(output: object) -> dict[str, Any]:
    """An output as JSON; what isn't an object is left for the output model to refuse."""
    if isinstance(output, BaseModel):
        return output.model_dump(mode="json")
    return output if isinstance(output, dict) else {"output": output}
