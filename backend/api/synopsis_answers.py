"""Turns stored versions of a synopsis into answers."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import JSONResponse

from backend.api.etags import is_known, make_etag
from backend.api.problems import problem_response
from backend.api.schemas.synopsis import (
    GenerationOut,
    SynopsisOut,
    SynopsisVersionOut,
    VersionOut,
)
from backend.db.artifacts import StoredVersion, VersionSummary
from backend.domain.artifacts import Synopsis, grounding_report
from backend.errors import NotFound
from backend.worker.queue import Generation


def current_answer(
    version: StoredVersion,
    generation: Generation | None,
    *,
    if_none_match: str | None = None,
    status: int = 200,
) -> Response:
    """The current version with its ETag; 304 without a body if the caller has it already."""
    content = Synopsis.model_validate(version.content)
    answer = SynopsisOut(
        title=content.title,
        language=content.language,
        items=content.items,
        version=version.number,
        kind=version.kind,
        updated_at=version.created_at,
        provenance=version.provenance,
        grounding=grounding_report(content.items),
        generation=_generation(generation),
    )
    body = answer.model_dump_json(by_alias=True).encode()
    etag = make_etag(version.number, body)
    if is_known(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, status, {"ETag": etag}, media_type="application/json")


def missing_answer(error: NotFound, generation: Generation | None) -> JSONResponse:
    """404 for notes that there aren't yet; it tells whether they are being made."""
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


def version_answer(version: StoredVersion) -> SynopsisVersionOut:
    """One version, whole."""
    content = Synopsis.model_validate(version.content)
    return SynopsisVersionOut(
        title=content.title,
        language=content.language,
        items=content.items,
        version=version.number,
        kind=version.kind,
        created_at=version.created_at,
        provenance=version.provenance,
        grounding=grounding_report(content.items),
    )


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


def _generation(generation: Generation | None) -> GenerationOut | None:
    return None if generation is None else GenerationOut.model_validate(generation)
