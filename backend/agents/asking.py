"""How agents ask the model: one place for budget, usage, time and form of the answer."""

from __future__ import annotations

from copy import copy
from typing import TypeVar

from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage, UsageLimits

from backend.agents.context import AgentContext

Answer = TypeVar("Answer", bound=BaseModel)
# An answer of the wrong form is asked for again this often, then the run ends: invalid_output.
ASKED_AGAIN = 2


class ModelCalls:
    """The model calls of one run. They may overlap; the budget is that of all together."""

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._used = RunUsage()
        self._told = RunUsage()

    async def ask(self, answer_type: type[Answer], *, instructions: str, prompt: str) -> Answer:
        """The model's answer to `prompt` as an `answer_type`.

        Raises what pydantic-ai raises (see model_errors.py); used tokens are told in any case.
        """
        budget = self._context.budget
        asker = Agent(
            output_type=answer_type,
            instructions=instructions,
            retries={"output": ASKED_AGAIN, "tools": 0},
            name=answer_type.__name__,
        )
        try:
            result = await asker.run(
                prompt,
                model=self._context.model,
                model_settings=ModelSettings(request_timeout=self._context.llm_timeout_s),
                usage=self._used,
                usage_limits=UsageLimits(
                    request_limit=budget.max_requests, total_tokens_limit=budget.max_tokens
                ),
            )
        finally:
            self._tell_usage()
        return result.output

    def _tell_usage(self) -> None:
        used, told = self._used, self._told
        self._told = copy(used)
        new = RunUsage(
            requests=used.requests - told.requests,
            input_tokens=used.input_tokens - told.input_tokens,
            output_tokens=used.output_tokens - told.output_tokens,
            cost=None if used.cost is None else used.cost - (told.cost or 0),
        )
        if new.requests or new.total_tokens:
            self._context.count_usage(new)
