"""`build_model`: from a model string to a pydantic-ai model.

    offline:extractive       ours: no key, no network (see offline.py)
    openai:<model>           OpenAI's Responses API
    openai-chat:<model>      chat completions: OpenAI, or any compatible service at OPENAI_BASE_URL
    anthropic:<model>
    ollama:<model>           at OLLAMA_BASE_URL

Providers are imported when first used: together they cost over a second and 70 MB.
Keys come from the environment variables the providers themselves read.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from backend.agents.model_http import new_client
from backend.agents.offline import OfflineModel
from backend.errors import Misconfigured
from backend.settings import Settings


@dataclass
class _LoopModels:
    """The HTTP client and the models of one event loop: connections don't move between loops."""

    client: httpx2.AsyncClient
    models: dict[tuple[str, str | None, float], Model] = field(default_factory=dict)


_by_loop: dict[asyncio.AbstractEventLoop | None, _LoopModels] = {}


def build_model(name: str, settings: Settings) -> Model:
    """The model that `name` (such as "openai-chat:gpt-5-mini") stands for; made once per loop.

    Each request ends within `settings.agent_llm_timeout` seconds, in-place retries included.
    Raises Misconfigured for an unknown provider or a missing key, saying what to set.
    """
    provider, _, model = name.partition(":")
    build = _PROVIDERS.get(provider)
    if build is None or not model:
        raise Misconfigured(
            f"There is no model {name!r}: use one of {', '.join(f'{p}:…' for p in _PROVIDERS)}. "
            "A service that is compatible with OpenAI is openai-chat:<model> with OPENAI_BASE_URL."
        )
    here = _of_this_loop(settings)
    key = (name, settings.openai_base_url, settings.agent_llm_timeout)
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


def _limits(settings: Settings) -> ModelSettings:
    timeout_s = settings.agent_llm_timeout
    return ModelSettings(timeout=timeout_s, request_timeout=timeout_s)


def _needed(variable: str, name: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        raise Misconfigured(f"{name} needs {variable}: set it in the environment.")
    return value


def _openai_key(settings: Settings) -> str:
    if settings.openai_base_url is None:
        return _needed("OPENAI_API_KEY", "An openai model")
    # Local servers often take no key, but the SDK insists on one.
    return os.environ.get("OPENAI_API_KEY", "").strip() or "no-key"


def _openai(model: str, client: httpx2.AsyncClient, settings: Settings) -> Model:
    key = _openai_key(settings)
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    sdk = AsyncOpenAI(
        api_key=key, base_url=settings.openai_base_url, http_client=client, max_retries=0
    )
    provider = OpenAIProvider(openai_client=sdk)
    return OpenAIResponsesModel(model, provider=provider, settings=_limits(settings))


def _openai_chat(model: str, client: httpx2.AsyncClient, settings: Settings) -> Model:
    key = _openai_key(settings)
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    sdk = AsyncOpenAI(
        api_key=key, base_url=settings.openai_base_url, http_client=client, max_retries=0
    )
    provider = OpenAIProvider(openai_client=sdk)
    return OpenAIChatModel(model, provider=provider, settings=_limits(settings))


def _anthropic(model: str, client: httpx2.AsyncClient, settings: Settings) -> Model:
    key = _needed("ANTHROPIC_API_KEY", "An anthropic model")
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    sdk = AsyncAnthropic(api_key=key, http_client=client, max_retries=0)
    provider = AnthropicProvider(anthropic_client=sdk)
    return AnthropicModel(model, provider=provider, settings=_limits(settings))


def _ollama(model: str, client: httpx2.AsyncClient, settings: Settings) -> Model:
    base_url = _needed("OLLAMA_BASE_URL", "An ollama model")
    from openai import AsyncOpenAI
    from pydantic_ai.models.ollama import OllamaModel
    from pydantic_ai.providers.ollama import OllamaProvider

    key = os.environ.get("OLLAMA_API_KEY", "").strip() or "no-key"
    sdk = AsyncOpenAI(api_key=key, base_url=base_url, http_client=client, max_retries=0)
    provider = OllamaProvider(openai_client=sdk)
    return OllamaModel(model, provider=provider, settings=_limits(settings))


def _offline(model: str, client: httpx2.AsyncClient, settings: Settings) -> Model:
    if model != "extractive":
        raise Misconfigured(
            f"There is no offline:{model}: the offline model is offline:extractive."
        )
    return OfflineModel()


_PROVIDERS: dict[str, Callable[[str, httpx2.AsyncClient, Settings], Model]] = {
    "offline": _offline,
    "openai": _openai,
    "openai-chat": _openai_chat,
    "anthropic": _anthropic,
    "ollama": _ollama,
}
