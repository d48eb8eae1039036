"""What of an agent's output can't be kept, said to its author before anything is written."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from backend.agents.registry import AgentSpec
from backend.errors import InvalidOutput
from backend.telemetry.secrets import holds_a_secret

MAX_RESULT_BYTES = 4_000_000


def refuse_what_cannot_be_kept(spec: AgentSpec, output: dict[str, Any]) -> None:
    """Raises InvalidOutput for what is too long, isn't JSON, holds a secret, or isn't of the kind
    that the agent saves."""
    try:
        text = json.dumps(output, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except ValueError:
        raise InvalidOutput(
            f"The output of {spec.name} holds a number or a text that JSON can't."
        ) from None
    if size > MAX_RESULT_BYTES:
        raise InvalidOutput(
            f"The output of {spec.name} has {size} bytes; {MAX_RESULT_BYTES} is the most it may: "
            "return less of it."
        )
    if holds_a_secret(text):
        raise InvalidOutput(
            f"The output of {spec.name} holds the value of a configured key, token or password; "
            "nothing of it is kept. Leave the environment out of what the agent returns."
        )
    _refuse_another_kind(spec, output)


def _refuse_another_kind(spec: AgentSpec, output: dict[str, Any]) -> None:
    if spec.saves is None or spec.saves.content_model is spec.output:
        return
    try:
        spec.saves.content_model.model_validate(output)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, e["loc"])) or "(the whole)" for e in error.errors())
        raise InvalidOutput(
            f"The output of {spec.name} can't be saved as {spec.saves.name}, wrong at: {fields}. "
            f"Make {spec.saves.content_model.__name__} its output model."
        ) from None
