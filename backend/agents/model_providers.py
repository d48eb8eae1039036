"""How each provider's model is made: its client, its key, its base URL.

Providers' packages are imported when first used: together they cost over a second and 70 MB.
Keys come from the environment variables that the providers themselves read.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.profiles import ModelProfile
from pydantic_ai.settings import ModelSettings

from backend.agents.offline import OfflineModel
from backend.errors import Misconfigured
from backend.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Builder = Callable[[str, httpx2.AsyncClient, Settings], Model]


@dataclass(frozen=True)
class Compatible:
    """A service that speaks OpenAI's chat completions.

    `base_url` None: the operator has to give one. A server of one's own often takes no key.
    """

    name: str
    needs_key: bool = True
    base_url: str | None = None

    @property
    def url_variable(self) -> str:
        return f"{self.name.upper()}_BASE_URL"

    @property
    def key_variable(self) -> str:
        return f"{self.name.upper()}_API_KEY"

    def client(self, http: httpx2.AsyncClient) -> AsyncOpenAI:
        """The SDK's client. Raises Misconfigured, naming the variable that is missing."""
        from openai import AsyncOpenAI

        what = f"A model of {self.name}"
        url = os.environ.get(self.url_variable, "").strip() or self.base_url
        key = os.environ.get(self.key_variable, "").strip()
        if self.needs_key and not key:
            key = needed(self.key_variable, what)
        return AsyncOpenAI(
            api_key=key or _NO_KEY,
            base_url=url or needed(self.url_variable, what),
            http_client=http,
            max_retries=0,
        )


# Servers of one's own often take no key, but the SDK insists on one.
_NO_KEY = "no-key"
OLLAMA = Compatible("ollama", needs_key=False)
VLLM = Compatible("vllm", needs_key=False)
# Each is one line: the service, and where it is.
COMPATIBLE = (
    Compatible("llamacpp", needs_key=False),
    Compatible("openrouter", base_url="https://openrouter.ai/api/v1"),
    Compatible("mistral", base_url="https://api.mistral.ai/v1"),
    Compatible("groq", base_url="https://api.groq.com/openai/v1"),
    Compatible("deepseek", base_url="https://api.deepseek.com"),
    Compatible("gemini", base_url="https://generativelanguage.googleapis.com/v1beta/openai/"),
)


def needed(variable: str, what: str) -> str:
    """The value of an environment variable. Raises Misconfigured if it isn't set."""
    value = os.environ.get(variable, "").strip()
    if not value:
        raise Misconfigured(f"{what} needs {variable}: set it in the environment.")
    return value


class _Options(TypedDict):
    profile: ModelProfile
    settings: ModelSettings


def _options(settings: Settings) -> _Options:
    timeout_s = settings.agent_llm_timeout
    return _Options(
        profile=_told(settings),
        settings=ModelSettings(timeout=timeout_s, request_timeout=timeout_s),
    )


def _told(settings: Settings) -> ModelProfile:
    """What an operator knows better than pydantic-ai's profile of the model."""
    told = ModelProfile()
    if settings.agents_output_mode == "prompt":
        told["default_structured_output_mode"] = "prompted"
    elif settings.agents_output_mode != "auto":
        told["default_structured_output_mode"] = settings.agents_output_mode
        told["supports_json_schema_output"] = True
    if settings.agents_context_tokens is not None:
        told["context_window"] = settings.agents_context_tokens
    return told


def _openai_client(http: httpx2.AsyncClient, settings: Settings) -> AsyncOpenAI:
    if settings.openai_base_url is None:
        key = needed("OPENAI_API_KEY", "An openai model")
    else:
        key = os.environ.get("OPENAI_API_KEY", "").strip() or _NO_KEY
    from openai import AsyncOpenAI

    return AsyncOpenAI(
        api_key=key, base_url=settings.openai_base_url, http_client=http, max_retries=0
    )


def _openai(model: str, http: httpx2.AsyncClient, settings: Settings) -> Model:
    client = _openai_client(http, settings)
    from pydantic_ai.models.openai import OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider = OpenAIProvider(openai_client=client)
    return OpenAIResponsesModel(model, provider=provider, **_options(settings))


def _openai_chat(model: str, http: httpx2.AsyncClient, settings: Settings) -> Model:
    client = _openai_client(http, settings)
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider = OpenAIProvider(openai_client=client)
    return OpenAIChatModel(model, provider=provider, **_options(settings))


def _anthropic(model: str, http: httpx2.AsyncClient, settings: Settings) -> Model:
    key = needed("ANTHROPIC_API_KEY", "An anthropic model")
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    sdk = AsyncAnthropic(api_key=key, http_client=http, max_retries=0)
    provider = AnthropicProvider(anthropic_client=sdk)
    return AnthropicModel(model, provider=provider, **_options(settings))


def _ollama(model: str, http: httpx2.AsyncClient, settings: Settings) -> Model:
    client = OLLAMA.client(http)
    from pydantic_ai.models.ollama import OllamaModel
    from pydantic_ai.providers.ollama import OllamaProvider

    provider = OllamaProvider(openai_client=client)
    return OllamaModel(model, provider=provider, **_options(settings))


def _vllm(model: str, http: httpx2.AsyncClient, settings: Settings) -> Model:
    client = VLLM.client(http)
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.vllm import VLLMProvider

    provider = VLLMProvider(openai_client=client)
    return OpenAIChatModel(model, provider=provider, **_options(settings))


def _compatible(service: Compatible) -> Builder:
    def build(model: str, http: httpx2.AsyncClient, settings: Settings) -> Model:
        client = service.client(http)
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

        provider = OpenAICompatibleProvider(service.name, openai_client=client)
        return OpenAIChatModel(model, provider=provider, **_options(settings))

    return build


def _offline(model: str, http: httpx2.AsyncClient, settings: Settings) -> Model:
    if model != "extractive":
        raise Misconfigured(
            f"There is no offline:{model}: the offline model is offline:extractive."
        )
    return OfflineModel()


PROVIDERS: dict[str, Builder] = {
    "offline": _offline,
    "openai": _openai,
    "openai-chat": _openai_chat,
    "anthropic": _anthropic,
    "ollama": _ollama,
    "vllm": _vllm,
    **{service.name: _compatible(service) for service in COMPATIBLE},
}
# Which variable holds the key of a provider's models; for telling whether it is set.
KEY_VARIABLES: dict[str, str] = {
    "openai": "OPENAI_API_KEY",
    "openai-chat": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    **{service.name: service.key_variable for service in (OLLAMA, VLLM, *COMPATIBLE)},
}
