"""Agents as they are listed."""

from __future__ import annotations

from typing import Any

from backend.api.schemas.base import ResponseModel


class AgentOut(ResponseModel):
    """A registered agent, with JSON Schemas of what it takes and what it makes.

    `for_drills`: it tries the machinery out and has nothing for a person; the page leaves it out.
    """

    id: str
    version: str
    summary: str
    needs_material: bool
    saves: str | None
    for_drills: bool
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
