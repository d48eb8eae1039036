"""A model for openai-agents that answers without a provider."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from agents import Model, ModelResponse, Usage
from openai.types.responses import ResponseOutputMessage, ResponseOutputText


class StandIn(Model):
    """Answers one text, for seven tokens and three."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def get_response(self, *_: Any, **__: Any) -> ModelResponse:
        said = ResponseOutputText(text=self._text, type="output_text", annotations=[])
        message = ResponseOutputMessage(
            id="m", content=[said], role="assistant", status="completed", type="message"
        )
        usage = Usage(requests=1, input_tokens=7, output_tokens=3, total_tokens=10)
        return ModelResponse(output=[message], usage=usage, response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        raise NotImplementedError
