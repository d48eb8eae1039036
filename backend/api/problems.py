"""Problem responses (RFC 9457): how they are made, and how they are told in OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.responses import JSONResponse

from backend.api.schemas.base import FieldProblemOut, Problem
from backend.errors import FieldProblem

MEDIA_TYPE = "application/problem+json"
_FIELDS_AT_MOST = 50
_NAME_AT_MOST = 200


def problem_response(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    fields: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
    extensions: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """One error as a response. `extensions` are further members, JSON as they are."""
    problem = Problem(
        type=f"urn:offstage:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        code=code,
        errors=[
            FieldProblemOut(field=each.field[:_NAME_AT_MOST], message=each.message)
            for each in fields[:_FIELDS_AT_MOST]
        ]
        or None,
    )
    body = problem.model_dump(mode="json", by_alias=True, exclude_none=True)
    return JSONResponse(
        {**body, **(extensions or {})},
        status_code=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def problems(*statuses: int, **models: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route that answers these statuses with a problem.

    `of_404=Model` says that a 404 carries more than others do.
    """
    described = dict.fromkeys(statuses, Problem)
    described.update({int(name.removeprefix("of_")): model for name, model in models.items()})
    return {
        status: {"model": model, "description": _DESCRIPTIONS[status]}
        for status, model in described.items()
    }


def tell_body_problems(schema: dict[str, Any]) -> None:
    """Give every operation that takes a body what is said of bodies before a route sees them."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                for status in (400, 413):
                    operation["responses"].setdefault(str(status), undescribed(status))


def undescribed(status: int) -> dict[str, Any]:
    """A problem as OpenAPI tells it, for a response that no route declares."""
    return {
        "description": _DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def tell_problems_apart(schema: dict[str, Any]) -> None:
    """Give each error response of an OpenAPI document the media type that it really has.

    FastAPI writes `application/json` and its own 422 model for all of them.
    """
    for operations in schema["paths"].values():
        for operation in operations.values():
            responses = operation["responses"]
            for status, response in responses.items():
                if status.startswith(("4", "5")) and "content" in response:
                    content = response["content"].get("application/json", {})
                    if content.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"):
                        content = {"schema": {"$ref": "#/components/schemas/Problem"}}
                        response["description"] = _DESCRIPTIONS[422]
                    response["content"] = {MEDIA_TYPE: content}
    for unused in ("HTTPValidationError", "ValidationError"):
        schema.get("components", {}).get("schemas", {}).pop(unused, None)


_DESCRIPTIONS = {
    400: "The body can't be read: it isn't what its Content-Type says, or is nested too deeply",
    401: "Nobody is signed in, or with a token that isn't accepted",
    404: "There is no such thing, or it is someone else's",
    409: "It changed meanwhile",
    412: "Another version is current by now",
    413: "The request is too large",
    422: "Something in the request can't be used; `errors` names every field",
    428: "If-Match is missing",
    429: "Too many requests",
    500: "An agent failed, or Offstage did",
    502: "The language model's provider failed",
    503: "Something Offstage needs isn't there",
    504: "It took too long",
}
