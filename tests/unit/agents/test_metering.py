"""Requests are counted, however an agent asks, and none is begun once nothing is left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.usage import RequestUsage

from backend.agents.metering import MeteredModel
from backend.errors import BudgetExceeded


class Purse:
    """Tokens that are left."""

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens

    async def charge(self, tokens: int, cost_usd: Decimal) -> bool:
        self.tokens -= tokens
        return self.tokens > 0


async def _answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    return ModelResponse(parts=[TextPart("Yes.")], usage=RequestUsage(input_tokens=60))


async def _stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str]:
    for word in ("Yes, ", "it ", "is."):
        yield word


async def test_a_request_that_takes_the_rest_is_answered_and_the_next_is_not_begun() -> None:
    purse = Purse(100)
    agent = Agent(MeteredModel(FunctionModel(_answer), purse))
    for _ in range(2):
        assert (await agent.run("Well?")).output == "Yes."
    with pytest.raises(BudgetExceeded):
        await agent.run("Well?")
    assert purse.tokens == -20


async def test_a_streamed_answer_counts_too() -> None:
    purse = Purse(10)
    agent = Agent(MeteredModel(FunctionModel(stream_function=_stream), purse))
    async with agent.run_stream("Well?") as streamed:
        assert await streamed.get_output() == "Yes, it is."
    assert purse.tokens < 10
    purse.tokens = 0
    with pytest.raises(BudgetExceeded):
        async with agent.run_stream("Well?"):
            pass
