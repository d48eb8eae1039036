"""How agents ask the model: one place for budget, usage, time and form of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel
from pydantic_ai import Agent, capture_run_messages
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage, UsageLimits

from backend.agents.context import AgentContext
from backend.agents.pricing import answered_by, cost_of

Answer = TypeVar("Answer", bound=BaseModel)
# An answer of the wrong form is asked for again this often, then the run ends: invalid_output.
ASKED_AGAIN = 2


class ModelCalls:
    """The model calls of one run. They may overlap; the budget is that of all together."""

    def __init__(self, context: AgentContext) -> None:
        self._context = context
        self._used = RunUsage()

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
        with capture_run_messages() as messages:
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
                self._tell_usage(messages)
        return result.output

    def _tell_usage(self, messages: Sequence[ModelMessage]) -> None:
        """Of each answer, also of those that had the wrong form: they are paid for as well."""
        for answer in messages:
            if isinstance(answer, ModelResponse):
                used = RunUsage(
                    requests=1,
                    input_tokens=answer.usage.input_tokens,
                    output_tokens=answer.usage.output_tokens,
                    cost=cost_of(answer),
                )
                self._context.count_usage(used, model=answered_by(answer))
