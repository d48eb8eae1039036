"""A language model whose answers a test writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

Answer = BaseModel | Mapping[str, Any] | str | Exception


class FakeModel(FunctionModel):
    """Gives these answers, one for each request, and keeps what it was asked in `prompts`.

    An answer is an object of the output type (or its fields), a text, or an exception to raise.
    A request more than there are answers fails the run.
    """

    def __init__(self, *answers: Answer) -> None:
        super().__init__(self._respond, model_name="fake")
        self.prompts: list[str] = []
        self._answers = list(answers)

    def _respond(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.prompts.append(_last_prompt(messages))
        if not self._answers:
            raise AssertionError(f"FakeModel has no answer to request {len(self.prompts)}")
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            return ModelResponse(parts=[TextPart(answer)])
        fields = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else dict(answer)
        if info.output_tools:
            return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, fields)])
        return ModelResponse(parts=[TextPart(json.dumps(fields))])


def _last_prompt(messages: list[ModelMessage]) -> str:
    for message in reversed(messages):
        if isinstance(message, ModelRequest):
            prompts = [part for part in message.parts if isinstance(part, UserPromptPart)]
            if prompts:
                return "\n".join(str(part.content) for part in prompts)
    return ""
