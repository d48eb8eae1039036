"""From settings to a pydantic-ai model: `AGENTS_DEFAULT_MODEL` and what stands in for it.

offline:extractive       ours: no key, no network (see offline.py)
openai:<model>           OpenAI's Responses API
openai-chat:<model>      chat completions: OpenAI, or any compatible server at OPENAI_BASE_URL
anthropic:<model>
ollama:, vllm:, llamacpp:<model>                       at OLLAMA_BASE_URL, VLLM_BASE_URL, …
openrouter:, mistral:, groq:, deepseek:, gemini:<model>
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import httpx2
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelRequestRejectedError,
)
from pydantic_ai.models import Model
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.wrapper import WrapperModel

from backend.agents.model_http import new_client
from backend.agents.model_providers import PROVIDERS
from backend.errors import Misconfigured
from backend.settings import Settings

# A request that is wrong in itself is wrong for every model.
_OUR_FAULT = frozenset({400, 413, 422})


@dataclass
class _LoopModels:
    """The HTTP client and the models of one event loop: connections don't move between loops."""

    client: httpx2.AsyncClient
    models: dict[tuple[object, ...], Model] = field(default_factory=dict)


_by_loop: dict[asyncio.AbstractEventLoop | None, _LoopModels] = {}


def build_configured_model(settings: Settings) -> Model:
    """`AGENTS_DEFAULT_MODEL`; with `AGENTS_FALLBACK_MODELS` those answer where it can't.

    Raises Misconfigured for any of them that couldn't be used.
    """
    chain = [build_model(name, settings) for name in model_names(settings)]
    return chain[0] if len(chain) == 1 else FallbackModel(*chain, fallback_on=falls_over)


def model_names(settings: Settings) -> list[str]:
    """The default model and its fallbacks, in the order they are asked."""
    fallbacks = (name.strip() for name in settings.agents_fallback_models.split(","))
    return [settings.agents_default_model, *filter(None, fallbacks)]


def falls_over(error: Exception) -> bool:
    """Whether another model may do better: the provider is away, busy, without credit, or won't
    have the key, the model or so long a request. Not: a request that is wrong in itself."""
    if isinstance(error, ModelContextWindowExceededError):
        return True
    if isinstance(error, ModelHTTPError):
        return error.status_code not in _OUR_FAULT
    return isinstance(error, ModelAPIError) and not isinstance(error, ModelRequestRejectedError)


def window_tokens(model: Model) -> int | None:
    """The window of the model, the smallest of those that stand in; None if nothing knows it."""
    model = model.wrapped if isinstance(model, WrapperModel) else model
    if isinstance(model, WrapperModel):
        return window_tokens(model.wrapped)
    if isinstance(model, FallbackModel):
        known = [window for one in model.models if (window := window_tokens(one))]
        return min(known, default=None)
    return model.profile.get("context_window")


def build_model(name: str, settings: Settings) -> Model:
    """The model that `name` (such as "openai-chat:gpt-5-mini") stands for; made once per loop.

    Each request ends within `settings.agent_llm_timeout` seconds, in-place retries included.
    Raises Misconfigured for an unknown provider or a missing key, saying what to set.
    """
    provider, _, model = name.partition(":")
    build = PROVIDERS.get(provider)
    if build is None or not model:
        raise Misconfigured(
            f"There is no model {name!r}: use one of {', '.join(f'{p}:…' for p in PROVIDERS)}. "
            "A service that is compatible with OpenAI is openai-chat:<model> with OPENAI_BASE_URL."
        )
    here = _of_this_loop(settings)
    key = (
        name,
        settings.openai_base_url,
        settings.agent_llm_timeout,
        settings.agents_output_mode,
        settings.agents_context_tokens,
    )
    if key not in here.models:
        here.models[key] = build(model, here.client, settings)
    return here.models[key]


async def aclose_models() -> None:
    """Close this event loop's HTTP client; the next `build_model` opens another."""
    here = _by_loop.pop(_this_loop(), None)
    if here is not None:
        await here.client.aclose()


def _this_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _of_this_loop(settings: Settings) -> _LoopModels:
    for loop in [loop for loop in _by_loop if loop is not None and loop.is_closed()]:
        del _by_loop[loop]
    here = _this_loop()
    if here not in _by_loop:
        _by_loop[here] = _LoopModels(new_client(settings.agent_llm_timeout))
    return _by_loop[here]
