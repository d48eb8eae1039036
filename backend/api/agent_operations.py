"""How OpenAPI tells each agent: `POST /jobs/agents/{id}/{version}` once for every registered one,
with its own query.

One route serves them all; a path without templates comes before the one with, so a generated client
gets one typed method for each agent.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from pydantic.alias_generators import to_pascal

from backend.agents.registry import AgentSpec, all_agents

_TEMPLATE = "/jobs/agents/{agent_id}/{version}"
_SCHEMAS = "#/components/schemas/"


def tell_agents(schema: dict[str, Any]) -> None:
    """Add one operation for each agent, and the schemas of its request."""
    template = schema["paths"][_TEMPLATE]["post"]
    for spec in all_agents():
        name = f"{to_pascal(spec.id)}{spec.version.upper()}"
        schemas = schema["components"]["schemas"]
        schemas.update(_request_schemas(spec, name, schemas["JobRequest"]))
        operation = deepcopy(template)
        operation["operationId"] = f"submit_{spec.id}_{spec.version}"
        operation["summary"] = spec.summary or spec.name
        operation["parameters"] = [
            parameter for parameter in operation["parameters"] if parameter["in"] != "path"
        ]
        body = operation["requestBody"]["content"]["application/json"]
        body["schema"] = {"$ref": f"{_SCHEMAS}{name}JobRequest"}
        schema["paths"][f"/jobs/agents/{spec.id}/{spec.version}"] = {"post": operation}


def _request_schemas(
    spec: AgentSpec, name: str, job_request: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The query's schema, those it refers to, and `JobRequest` with that query."""
    query = spec.input.model_json_schema(ref_template=f"{_SCHEMAS}{name}{{model}}")
    others = query.pop("$defs", {})
    request = deepcopy(job_request)
    request["title"] = f"{name}JobRequest"
    request["properties"]["query"] = {"$ref": f"{_SCHEMAS}{name}Query"}
    if query.get("required"):
        request["required"] = [*request.get("required", ()), "query"]
    return {
        f"{name}JobRequest": request,
        f"{name}Query": query,
        **{f"{name}{other}": described for other, described in others.items()},
    }
