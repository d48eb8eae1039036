"""One address that takes a text as JSON or a file as multipart: told apart, read, described."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile

from backend.api.material_reading import MaterialReader
from backend.api.schemas.base import Title
from backend.api.schemas.materials import MaterialCreate
from backend.db.materials import NewMaterial
from backend.errors import FieldProblem, InvalidQuery

_title = TypeAdapter(Title)

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": MaterialCreate.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "title": "MaterialUpload",
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "title": {
                            "type": "string",
                            "maxLength": 300,
                            "description": "Without it, the document's own title or file name",
                        },
                    },
                }
            },
        },
    }
}


async def read_upload(request: Request, reader: MaterialReader) -> NewMaterial:
    """The material that a request brings.

    Raises DocumentRefused, and InvalidQuery or RequestValidationError naming the fields at fault.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        async with request.form(max_files=1, max_fields=1) as form:
            return await _read_form(form, reader)
    if media_type != "application/json":
        raise InvalidQuery(
            "Send a text as application/json or a file as multipart/form-data.",
            problems=[FieldProblem("Content-Type", "It is neither of the two.")],
        )
    return await _read_json(await request.body(), reader)


async def _read_json(body: bytes, reader: MaterialReader) -> NewMaterial:
    try:
        sent = MaterialCreate.model_validate(json.loads(body))
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        ) from None
    except (ValueError, RecursionError):
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",)}]) from None
    return await reader.read_text(sent.title, sent.text)


async def _read_form(form: FormData, reader: MaterialReader) -> NewMaterial:
    unknown = sorted(set(form) - {"file", "title"})
    if unknown:
        raise InvalidQuery(
            "The form has fields that there are not.",
            problems=[FieldProblem(name, "There is no such field.") for name in unknown],
        )
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidQuery(
            "The form has no file.",
            problems=[FieldProblem("file", "Send a file with its name in this field.")],
        )
    title = _read_title(form.get("title"))
    return await reader.read_file(file.filename, file.content_type, await file.read(), title)


def _read_title(sent: object) -> str | None:
    if sent in (None, ""):
        return None
    try:
        return _title.validate_python(sent)
    except ValidationError as error:
        problems = [FieldProblem("title", each["msg"]) for each in error.errors()]
        raise InvalidQuery("The title can't be used.", problems=problems) from None
