"""Model strings become models, or an error that says what to set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic_ai import exceptions as ai
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.models.wrapper import WrapperModel

from backend.agents.models import (
    aclose_models,
    build_configured_model,
    build_model,
    falls_over,
    model_names,
    window_tokens,
)
from backend.agents.offline import OfflineModel
from backend.errors import Misconfigured
from backend.settings import Settings


@pytest.fixture(autouse=True)
async def _close_models() -> AsyncIterator[None]:
    yield
    await aclose_models()


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("OLLAMA_BASE_URL", "VLLM_BASE_URL", "LLAMACPP_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


async def test_the_default_needs_nothing(no_keys: None) -> None:
    model = build_model("offline:extractive", Settings())

    assert isinstance(model, OfflineModel)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai:gpt-5", "OPENAI_API_KEY"),
        ("openai-chat:gpt-5", "OPENAI_API_KEY"),
        ("anthropic:claude-sonnet-5", "ANTHROPIC_API_KEY"),
        ("ollama:llama3", "OLLAMA_BASE_URL"),
        ("vllm:qwen3", "VLLM_BASE_URL"),
        ("llamacpp:qwen3", "LLAMACPP_BASE_URL"),
        ("openrouter:qwen/qwen3", "OPENROUTER_API_KEY"),
        ("gemini:gemini-3-flash", "GEMINI_API_KEY"),
    ],
)
async def test_a_missing_key_is_named(no_keys: None, name: str, variable: str) -> None:
    with pytest.raises(Misconfigured, match=variable):
        build_model(name, Settings())


@pytest.mark.parametrize("name", ["gpt-5", "nobody:gpt-5", "openai:", "offline:generative", ""])
async def test_an_unknown_model_is_refused(no_keys: None, name: str) -> None:
    with pytest.raises(Misconfigured, match="There is no"):
        build_model(name, Settings())


async def test_a_compatible_service_needs_no_key(no_keys: None) -> None:
    model = build_model("openai-chat:local", Settings(openai_base_url="http://127.0.0.1:9/v1"))

    assert model.base_url == "http://127.0.0.1:9/v1/"
    assert model.settings == {"timeout": 120.0, "request_timeout": 120.0}


async def test_requests_are_limited_in_time_and_the_sdk_does_not_retry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SecretStr("test").get_secret_value())

    model = build_model("anthropic:claude-sonnet-5", Settings(agent_llm_timeout=7))

    assert model.settings == {"timeout": 7.0, "request_timeout": 7.0}
    assert model.provider is not None
    assert model.provider.client.max_retries == 0


async def test_a_model_is_made_once_and_anew_after_closing(no_keys: None) -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1")
    first = build_model("openai-chat:local", settings)

    assert build_model("openai-chat:local", settings) is first
    await aclose_models()
    assert build_model("openai-chat:local", settings) is not first


@pytest.mark.parametrize("name", ["vllm", "llamacpp", "ollama"])
async def test_a_server_of_ones_own_needs_its_address_alone(
    no_keys: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"{name.upper()}_BASE_URL", "http://127.0.0.1:9/v1")

    assert build_model(f"{name}:qwen3", Settings()).base_url == "http://127.0.0.1:9/v1/"


@pytest.mark.parametrize(
    ("mode", "asked"), [("tool", "tool"), ("native", "native"), ("prompt", "prompted")]
)
async def test_the_operator_says_how_a_structured_answer_is_asked_for(
    no_keys: None, mode: Any, asked: str
) -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1", agents_output_mode=mode)
    profile = build_model("openai-chat:local", settings).profile

    assert profile.get("default_structured_output_mode") == asked


async def test_the_window_of_an_unknown_model_is_the_operators_to_tell(no_keys: None) -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1", agents_context_tokens=4_096)

    assert build_model("openai-chat:local", settings).profile.get("context_window") == 4_096


async def test_fallbacks_stand_behind_the_default_in_order(no_keys: None) -> None:
    settings = Settings(
        openai_base_url="http://127.0.0.1:9/v1",
        agents_default_model="openai-chat:large",
        agents_fallback_models="openai-chat:small, offline:extractive",
    )
    model = build_configured_model(settings)

    assert isinstance(model, FallbackModel)
    assert [each.model_name for each in model.models] == ["large", "small", "extractive"]
    assert model_names(settings)[1:] == ["openai-chat:small", "offline:extractive"]


async def test_a_fallback_that_cannot_be_used_is_told_at_once(no_keys: None) -> None:
    with pytest.raises(Misconfigured, match="ANTHROPIC_API_KEY"):
        build_configured_model(Settings(agents_fallback_models="anthropic:claude-sonnet-5"))


@pytest.mark.parametrize(
    ("error", "does"),
    [
        (ai.ModelHTTPError(429, "m"), True),
        (ai.ModelHTTPError(503, "m"), True),
        (ai.ModelHTTPError(401, "m"), True),
        (ai.ModelHTTPError(404, "m"), True),
        (ai.ModelConnectionError("m", "broke off"), True),
        (ai.ModelHTTPError(400, "m"), False),
        (ai.ModelHTTPError(422, "m"), False),
        (ai.UnexpectedModelBehavior("not the form"), False),
        (ValueError("a bug"), False),
    ],
)
def test_what_another_model_may_do_better_falls_over(error: Exception, does: bool) -> None:
    assert falls_over(error) is does


async def test_the_smallest_window_of_a_chain_counts_also_behind_a_wrapper(no_keys: None) -> None:
    settings = Settings(
        openai_base_url="http://127.0.0.1:9/v1",
        agents_default_model="openai-chat:gpt-5-mini",
        agents_fallback_models="openai-chat:gpt-4, offline:extractive",
    )
    model = build_configured_model(settings)
    alone = [window_tokens(build_model(name, settings)) for name in model_names(settings)]

    assert window_tokens(WrapperModel(model)) == min(filter(None, alone))
    assert len(set(alone)) == 3
