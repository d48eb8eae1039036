"""What FastAPI can't find out of our code and OpenAPI can tell."""

from __future__ import annotations

from typing import Any

_STREAM = "text/event-stream"


def tell_streams(schema: dict[str, Any]) -> None:
    """Describe each event of a stream, as OpenAPI 3.2 has it, rather than the stream as a text."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                whole = response.get("content", {}).get(_STREAM)
                if whole is not None and "schema" in whole:
                    ref = {"$ref": whole.pop("schema")["$ref"]}
                    whole["itemSchema"] = _event(ref)


def _event(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["data"],
        "properties": {
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": data,
            },
            "id": {"type": "string"},
            "event": {"type": "string"},
        },
    }


def tell_discriminators(schema: dict[str, Any]) -> None:
    """Require the field that tells the members of a union apart: a default serves Python only."""
    schemas = schema["components"]["schemas"]
    for union in _unions(schema):
        field = union["discriminator"]["propertyName"]
        for ref in union["discriminator"]["mapping"].values():
            member = schemas[ref.rpartition("/")[2]]
            member["required"] = sorted({field, *member.get("required", ())})


def _unions(node: object) -> list[dict[str, Any]]:
    children: list[Any] = []
    found: list[dict[str, Any]] = []
    if isinstance(node, dict):
        children = list(node.values())
        if "discriminator" in node:
            found = [node]
    elif isinstance(node, list):
        children = node
    return found + [union for child in children for union in _unions(child)]
