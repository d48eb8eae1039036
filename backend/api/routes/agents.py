"""Which agents there are."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter

from backend.agents.registry import AgentSpec, all_agents
from backend.api.schemas.agents import AgentOut
from backend.api.schemas.base import ListPage

router = APIRouter(prefix="/agents", tags=["agents"])


@router.get("")
async def list_agents() -> ListPage[AgentOut]:
    """Every registered agent, with JSON Schemas of what it takes and what it makes."""
    return ListPage[AgentOut](items=[_described(spec) for spec in all_agents()])


@cache
def _described(spec: AgentSpec) -> AgentOut:
    return AgentOut(
        id=spec.id,
        version=spec.version,
        summary=spec.summary,
        needs_material=spec.needs_material,
        saves=spec.saves.name if spec.saves else None,
        for_drills=spec.for_drills,
        input_schema=spec.input.model_json_schema(mode="validation"),
        output_schema=spec.output.model_json_schema(mode="serialization"),
    )
