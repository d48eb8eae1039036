"""Spans of model calls (OpenTelemetry's GenAI conventions), as pydantic-ai makes them.

Names, durations and token counts; prompts, answers and tool arguments are people's texts and stay
out of the trace.
"""

from __future__ import annotations

from pydantic_ai import Agent
from pydantic_ai.models.instrumented import InstrumentationSettings


def trace_model_calls() -> None:
    """Give every pydantic-ai agent of this process spans, below the span it runs in."""
    Agent.instrument_all(
        InstrumentationSettings(
            include_content=False,
            include_binary_content=False,
            include_model_request_parameters=False,
        )
    )
