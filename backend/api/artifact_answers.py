"""Turns stored versions of an artifact into answers, for every kind alike."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from backend.api.artifact_kinds import ServedKind
from backend.api.etags import is_known, make_etag
from backend.api.problems import problem_response
from backend.api.schemas.artifacts import GenerationOut, VersionOut, WholeVersion
from backend.db.artifacts import StoredVersion, VersionSummary
from backend.domain.artifacts import GroundingReport, grounding_report
from backend.errors import NotFound
from backend.worker.queue import Generation


def current_answer(
    served: ServedKind[Any, Any],
    version: StoredVersion,
    generation: Generation | None,
    *,
    if_none_match: str | None = None,
    status: int = 200,
) -> Response:
    """The current version with its ETag; 304 without a body if the caller has it already."""
    answer = served.current(
        **_of_version(served, version),
        updated_at=version.created_at,
        generation=_generation(generation),
    )
    body = answer.model_dump_json(by_alias=True).encode()
    etag = make_etag(version.number, body)
    if is_known(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, status, {"ETag": etag}, media_type="application/json")


def missing_answer(error: NotFound, generation: Generation | None) -> JSONResponse:
    """404 for what there isn't yet; it tells whether it is being made."""
    told = _generation(generation)
    return problem_response(
        error.http_status,
        error.code,
        error.title,
        error.message,
        extensions={
            "generation": told and told.model_dump(mode="json", by_alias=True),
        },
    )


def version_answer(served: ServedKind[Any, Any], version: StoredVersion) -> WholeVersion:
    """One version, whole."""
    return served.whole(**_of_version(served, version), created_at=version.created_at)


def listed_version(version: VersionSummary) -> VersionOut:
    """A version as the list shows it."""
    return VersionOut(
        version=version.number,
        kind=version.kind,
        title=version.title,
        is_current=version.is_current,
        created_at=version.created_at,
        provenance=version.provenance,
    )


def _of_version(served: ServedKind[Any, Any], version: StoredVersion) -> dict[str, Any]:
    content = served.content.model_validate(version.content)
    return {
        **dict(content),
        "version": version.number,
        "kind": version.kind,
        "provenance": version.provenance,
        "grounding": _grounding(served, content),
    }


def _grounding(served: ServedKind[Any, Any], content: Any) -> GroundingReport:
    notes = served.as_notes(content)
    claims = [
        item for item in notes.items if served.cites_throughout or item.sources or not item.grounded
    ]
    warned = {"injections": len(notes.injections), "dropped": notes.dropped}
    return grounding_report(claims).model_copy(update=warned)


def _generation(generation: Generation | None) -> GenerationOut | None:
    return None if generation is None else GenerationOut.model_validate(generation)
