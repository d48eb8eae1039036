"""What OpenAPI tells of the application beyond what FastAPI knows of it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from backend.api.agent_operations import tell_agents
from backend.api.auth.described import tell_who_may_call
from backend.api.problems import tell_body_problems, tell_problems_apart
from backend.api.schema_details import tell_discriminators, tell_streams
from backend.settings import Settings

CONTRACT_VERSION = "0.1.0"
"""Of the HTTP contract; it moves when the contract does, not with each release."""


def operation_id(route: APIRoute) -> str:
    """The handler's name: stable, readable, and what a generated client calls."""
    return route.name


def install_openapi(app: FastAPI, settings: Settings) -> None:
    """Make `app.openapi()` tell problem responses, and who may call what, as they are."""
    plain = app.openapi
    described: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        schema = plain()
        if schema is not described.get("schema"):
            tell_agents(schema)
            tell_problems_apart(schema)
            tell_body_problems(schema)
            tell_who_may_call(schema, needs_sign_in=settings.auth_mode != "local")
            tell_streams(schema)
            tell_discriminators(schema)
            described["schema"] = schema
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
