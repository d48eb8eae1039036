"""`offline:extractive`: a pydantic-ai model that answers without a network.

It can't write; it looks up a *skill* (`skills.py`) for the output type that the agent asks for, and
the skill picks what it answers from the prompt's own sentences.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    ToolCallPart,
    UserPromptPart,
)
from pydantic_ai.models import (
    CompletedStreamedResponse,
    Model,
    ModelRequestParameters,
    StreamedResponse,
)
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.usage import RequestUsage

from backend.agents.blocking import run_blocking
from backend.agents.skills import OfflineRequest, Skill, find_skill, use
from backend.errors import AgentFailed

# Above this, the work would slow the event loop down from a thread as well.
_LONG_PROMPT_CHARS = 4_000
OFFLINE_MODEL_NAME = "offline:extractive"


class OfflineModel(Model[None]):
    """Answers structured-output requests by skills. One token in its usage is one word."""

    @property
    def model_name(self) -> str:
        return "extractive"

    @property
    def system(self) -> str:
        return "offline"

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Raises AgentFailed if no skill is declared for any of the output types asked for."""
        tool, skill = _skill_for(model_request_parameters.output_tools)
        prompt = _last_prompt(messages)
        off_the_loop = run_blocking if len(prompt) > _LONG_PROMPT_CHARS else asyncio.to_thread
        output = await off_the_loop(use, skill, OfflineRequest(prompt))
        arguments = output.model_dump_json()
        return ModelResponse(
            parts=[ToolCallPart(tool.name, arguments)],
            usage=RequestUsage(
                input_tokens=len(prompt.split()), output_tokens=len(arguments.split())
            ),
            model_name=self.model_name,
            provider_name=self.system,
        )

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        """The whole answer at once, as the events of a stream."""
        response = await self.request(messages, model_settings, model_request_parameters)
        yield CompletedStreamedResponse(
            response, model_request_parameters=model_request_parameters, replay_events=True
        )


def _skill_for(tools: list[ToolDefinition]) -> tuple[ToolDefinition, Skill]:
    wanted = [str(tool.parameters_json_schema.get("title", tool.name)) for tool in tools]
    for tool, title in zip(tools, wanted, strict=True):
        skill = find_skill(title)
        if skill is not None:
            return tool, skill
    raise AgentFailed(
        f"{OFFLINE_MODEL_NAME} has no skill for {', '.join(wanted) or 'plain text'}: declare one "
        "with @offline_skill(<output type>) in the agent's folder, or set AGENTS_DEFAULT_MODEL."
    )


def _last_prompt(messages: list[ModelMessage]) -> str:
    """The text of the latest request that has a user prompt (a retry's request has none)."""
    for message in reversed(messages):
        if isinstance(message, ModelRequest):
            prompts = [part for part in message.parts if isinstance(part, UserPromptPart)]
            if prompts:
                return "\n".join(p.content for p in prompts if isinstance(p.content, str))
    return ""
