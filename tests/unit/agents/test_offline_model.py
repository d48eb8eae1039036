"""The offline model answers by skills, through pydantic-ai like any other model."""

from __future__ import annotations

import threading

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent, ToolOutput

from backend.agents import skills
from backend.agents.offline import OfflineModel
from backend.agents.skills import OfflineRequest, offline_skill
from backend.errors import AgentFailed


class Echo(BaseModel):
    text: str
    thread: str = ""


class Unskilled(BaseModel):
    text: str


@pytest.fixture(autouse=True)
def _echo_skill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skills, "_skills", dict(skills._skills))

    @offline_skill(Echo)
    def echo(request: OfflineRequest) -> Echo:
        return Echo(text=request.prompt, thread=threading.current_thread().name)


async def test_a_skill_answers_with_the_prompt() -> None:
    result = await Agent(OfflineModel(), output_type=Echo).run("what is said")

    assert result.output.text == "what is said"


async def test_it_works_beside_the_event_loop() -> None:
    result = await Agent(OfflineModel(), output_type=Echo).run("x")

    assert result.output.thread != threading.current_thread().name


async def test_the_name_of_the_output_tool_does_not_matter() -> None:
    asker = Agent(OfflineModel(), output_type=ToolOutput(Echo, name="anything"))

    assert (await asker.run("x")).output.text == "x"


async def test_it_streams_as_far_as_asked() -> None:
    async with Agent(OfflineModel(), output_type=Echo).run_stream("x y") as stream:
        assert (await stream.get_output()).text == "x y"


async def test_usage_counts_words() -> None:
    result = await Agent(OfflineModel(), output_type=Echo).run("one two three")

    assert (result.usage.requests, result.usage.input_tokens) == (1, 3)
    assert result.usage.output_tokens > 0


@pytest.mark.parametrize("output_type", [Unskilled, str])
async def test_a_missing_skill_is_told_to_the_agents_author(output_type: type) -> None:
    with pytest.raises(AgentFailed, match="@offline_skill"):
        await Agent(OfflineModel(), output_type=output_type).run("x")


async def test_a_skill_that_raises_stop_iteration_does_not_hang() -> None:
    class Stops(BaseModel):
        text: str

    @offline_skill(Stops)
    def stops(request: OfflineRequest) -> Stops:
        return next(iter([]))

    with pytest.raises(RuntimeError, match="StopIteration"):
        await Agent(OfflineModel(), output_type=Stops).run("x")


def test_one_type_has_one_skill() -> None:
    with pytest.raises(ValueError, match="has a skill already"):

        @offline_skill(Echo)
        def another(request: OfflineRequest) -> Echo:
            return Echo(text="")
