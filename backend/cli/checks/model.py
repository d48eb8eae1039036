"""The model that answers: whether its provider can be used and its key is there."""

from __future__ import annotations

import os

from backend.agents.model_providers import KEY_VARIABLES
from backend.agents.models import aclose_models, build_model, model_names
from backend.cli.checks.findings import Finding, broken, ok
from backend.errors import Misconfigured
from backend.settings import Settings

_PART = "model"


async def check_model(settings: Settings) -> Finding:
    """Of the default and each fallback; nothing is asked of a provider, as that costs money."""
    names = model_names(settings)
    try:
        for name in names:
            try:
                build_model(name, settings)
            except Misconfigured as error:
                return broken(_PART, name, error.message)
            except ImportError as error:
                return broken(_PART, name, f"Its provider's package is missing: {error.name}.")
    finally:
        await aclose_models()
    return ok(_PART, ", then ".join(f"{name}: {_key_told(name)}" for name in names))


def _key_told(name: str) -> str:
    variable = KEY_VARIABLES.get(name.partition(":")[0])
    if variable is None:
        return "no key, no network"
    has_key = bool(os.environ.get(variable, "").strip())
    return f"{variable} is set" if has_key else f"{variable} is not set"
