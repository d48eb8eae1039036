"""The model that answers: whether its provider can be used and its key is there."""

from __future__ import annotations

import os

from backend.agents.models import aclose_models, build_model
from backend.cli.checks.findings import Finding, broken, ok
from backend.errors import Misconfigured
from backend.settings import Settings

_PART = "model"
_KEYS = {
    "openai": "OPENAI_API_KEY",
    "openai-chat": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "ollama": "OLLAMA_API_KEY",
}


async def check_model(settings: Settings) -> Finding:
    """Nothing is asked of the provider: that would cost money."""
    name = settings.agents_default_model
    try:
        build_model(name, settings)
    except Misconfigured as error:
        return broken(_PART, name, error.message)
    except ImportError as error:
        return broken(_PART, name, f"Its provider's package is missing: {error.name}.")
    finally:
        await aclose_models()
    return ok(_PART, f"{name}: {_key_told(name)}")


def _key_told(name: str) -> str:
    variable = _KEYS.get(name.partition(":")[0])
    if variable is None:
        return "no key, no network"
    has_key = bool(os.environ.get(variable, "").strip())
    return f"{variable} is set" if has_key else f"{variable} is not set"
