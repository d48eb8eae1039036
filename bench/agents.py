"""Agents of the benchmarks and drills. They come into a worker as a plug-in (see plug_in.py)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from pydantic import BaseModel, Field

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.registry import agent
from backend.domain.artifacts import SYNOPSIS, Number, Synopsis, TextItem, WholeNumber
from backend.domain.events import FinalResult, RunEvent
from bench import side_log


class DrillQuery(BaseModel):
    """Sleeps `seconds` in all, in so many steps."""

    seconds: Number = Field(default=1.0, ge=0, le=600)
    steps: WholeNumber = Field(default=4, ge=1, le=100)


@agent("drill", "v1", saves=SYNOPSIS)
class Drill:
    """Sleeps in durable steps, notes in the side log what it did, and makes a small synopsis."""

    Input, Output = DrillQuery, Synopsis

    async def run(self, context: AgentContext, query: DrillQuery) -> AsyncIterator[RunEvent]:
        job_id, attempt = context.job_id, context.attempt
        side_log.write("started", job_id, attempt)
        for number in range(query.steps):

            async def work(number: int = number) -> int:
                await asyncio.sleep(query.seconds / query.steps)
                side_log.write("step", job_id, attempt, number)
                return number

            await context.step(f"step-{number}", work, int)
            side_log.write("kept", job_id, attempt, number)
            context.progress(number + 1, query.steps, "working")
        notes = Synopsis(title="Drill", language="en", items=[TextItem(text=f"Made by {job_id}.")])
        side_log.write("ended", job_id, attempt)
        yield FinalResult(output=notes.model_dump(mode="json", by_alias=True))


class ProbeQuery(BaseModel):
    """Nothing to ask for."""


class ProbeAnswer(BaseModel):
    """When the agent's function started, as epoch seconds."""

    started_at: float


@agent("probe", "v1")
class Probe:
    """Says when it started."""

    Input, Output = ProbeQuery, ProbeAnswer

    async def run(self, _context: AgentContext, _query: ProbeQuery) -> AsyncIterator[RunEvent]:
        yield FinalResult(output={"started_at": time.time()})


class AskerQuery(BaseModel):
    """What to ask the model."""

    prompt: str = "Say something."


class AskerAnswer(BaseModel):
    """What it said."""

    text: str


@agent("asker", "v1")
class Asker:
    """Asks the model one thing."""

    Input, Output = AskerQuery, AskerAnswer

    async def run(self, context: AgentContext, query: AskerQuery) -> AsyncIterator[RunEvent]:
        calls = ModelCalls(context)
        answer = await calls.ask(AskerAnswer, instructions="Answer.", prompt=query.prompt)
        yield FinalResult(output=answer.model_dump())


class TalkerQuery(BaseModel):
    """Waits `start_after_s`, then tells its progress `events` times, one each `every_s`."""

    start_after_s: float = 0
    events: int = 10
    every_s: float = 0.5


class TalkerAnswer(BaseModel):
    """It has told all there was."""


@agent("talker", "v1")
class Talker:
    """Tells how far it is."""

    Input = TalkerQuery
    Output = TalkerAnswer

    async def run(self, context: AgentContext, query: TalkerQuery) -> dict[str, object]:
        await asyncio.sleep(query.start_after_s)
        for done in range(1, query.events + 1):
            context.progress(done, query.events, "working")
            await asyncio.sleep(query.every_s)
        return {}
