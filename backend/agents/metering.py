"""A model whose requests are counted as they are made, and not made any more once nothing is left.

It stands before the model itself, so that it counts for every agent, however it asks.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, Protocol

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from backend.agents.pricing import cost_of
from backend.errors import BudgetExceeded


class Allowance(Protocol):
    """What a run may still use."""

    async def charge(self, tokens: int, cost_usd: Decimal) -> bool:
        """Count what was used; False if nothing is left."""
        ...


class MeteredModel(WrapperModel):
    """Raises BudgetExceeded instead of making a request for which nothing is left."""

    def __init__(self, wrapped: Model, allowance: Allowance) -> None:
        super().__init__(wrapped)
        self._allowance = allowance

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        await self._require_some_left()
        response = await super().request(messages, model_settings, model_request_parameters)
        await self._count(response)
        return response

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: Any = None,
    ) -> AsyncGenerator[StreamedResponse, None]:
        await self._require_some_left()
        async with super().request_stream(
            messages, model_settings, model_request_parameters, run_context
        ) as stream:
            try:
                yield stream
            finally:
                await self._count(stream.get())

    async def _require_some_left(self) -> None:
        if not await self._allowance.charge(0, Decimal(0)):
            raise BudgetExceeded(
                "The day's budget of tokens or money is used up. It starts anew at midnight (UTC)."
            )

    async def _count(self, response: ModelResponse) -> None:
        """The result of a request that used up the rest is paid for, and used."""
        await self._allowance.charge(response.usage.total_tokens, cost_of(response) or Decimal(0))
