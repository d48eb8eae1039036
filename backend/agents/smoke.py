"""`smoke@v1`: the agent for drills, benchmarks and first checks. It needs no material."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.agents.blocking import run_blocking
from backend.agents.context import AgentContext
from backend.agents.registry import agent
from backend.domain.artifacts import A_NUMBER, WholeNumber
from backend.domain.events import FinalResult, RunEvent
from backend.errors import AgentFailed, ProviderRefused, ProviderUnavailable

_Seconds = Annotated[float, Field(ge=0, le=3600), A_NUMBER]


class SmokeQuery(BaseModel):
    """What to do, in this order: sleep, block, steps, progress; then fail or answer.

    `fail` happens on the first `fail_times` attempts, or on all of them if that isn't given.
    """

    model_config = ConfigDict(extra="forbid")

    echo: str = Field(default="", max_length=100_000)
    sleep_s: _Seconds = 0
    block_s: _Seconds = 0
    steps: WholeNumber = Field(default=0, ge=0, le=1_000)
    progress: WholeNumber = Field(default=0, ge=0, le=10_000)
    payload_bytes: WholeNumber = Field(default=0, ge=0, le=100_000_000)
    fail: (
        Literal["error", "crash", "hang", "invalid_output", "provider_429", "provider_401"] | None
    ) = None
    fail_times: Annotated[int, Field(ge=1), A_NUMBER] | None = None


class SmokeResult(BaseModel):
    """`steps_run` counts the steps this attempt ran itself; `payload` is padding."""

    echo: str
    steps_run: int
    attempt: int
    payload: str = ""


@agent("smoke", "v1", for_drills=True)
class Smoke:
    """Does what its query says: waits, works, tells, fails or echoes."""

    Input = SmokeQuery
    Output = SmokeResult

    async def run(self, context: AgentContext, query: SmokeQuery) -> AsyncIterator[RunEvent]:
        await asyncio.sleep(query.sleep_s)
        if query.block_s:
            await run_blocking(time.sleep, query.block_s)
        steps_run = 0

        async def one_step() -> int:
            nonlocal steps_run
            steps_run += 1
            return steps_run

        for number in range(query.steps):
            await context.step(f"step-{number}", one_step, int)
        for done in range(1, query.progress + 1):
            context.progress(done, query.progress, "working")
            await asyncio.sleep(0)
        if query.fail and (query.fail_times is None or context.attempt <= query.fail_times):
            if query.fail == "invalid_output":
                yield FinalResult(output={"echo": None})
                return
            await _fail(query.fail)
        yield FinalResult(
            output={
                "echo": query.echo,
                "steps_run": steps_run,
                "attempt": context.attempt,
                "payload": "x" * query.payload_bytes,
            }
        )


async def _fail(way: str) -> None:
    if way == "error":
        raise RuntimeError("smoke was asked to fail")
    if way == "provider_429":
        raise ProviderUnavailable("The provider said 429: too many requests.")
    if way == "provider_401":
        raise ProviderRefused("The provider said 401: the key was refused.")
    if way == "hang":
        await asyncio.Event().wait()
    if os.environ.get("OFFSTAGE_DRILLS") != "1":
        raise AgentFailed("Crash drills are off: set OFFSTAGE_DRILLS=1 on the worker.")
    os.kill(os.getpid(), signal.SIGKILL)
