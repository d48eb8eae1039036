"""`Idempotency-Key`, as draft-ietf-httpapi-idempotency-key-header-07 has it.

A key is a string in quotes, `"8e03978e-40d5"`; one without them, which most clients send, is taken
as the same key.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Header, Request
from pydantic import BaseModel

from backend.errors import InvalidIdempotencyKey
from backend.worker.submission import Once

_HEADER = "idempotency-key"
_LONGEST = 255
# RFC 8941, section 3.3.3.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE = re.compile(r"[!#-~]+")
# The two as OpenAPI is told of them, with the length that a key may have.
_EITHER = rf'^(?:[!#-~]{{1,{_LONGEST}}}|"(?:[ !#-\[\]-~]|\\["\\]){{1,{_LONGEST}}}")$'


def parse_key(headers: Sequence[str] | None) -> str | None:
    """The key of a request, None without one. Raises InvalidIdempotencyKey."""
    if not headers:
        return None
    if len(headers) > 1:
        raise InvalidIdempotencyKey("Send one Idempotency-Key, not several.")
    value = headers[0].strip()
    if quoted := _QUOTED.fullmatch(value):
        key = quoted.group(1)
        if "\\" in key:
            key = re.sub(r"\\(.)", r"\1", key)
    elif _BARE.fullmatch(value):
        key = value
    else:
        raise InvalidIdempotencyKey(
            "An Idempotency-Key has visible ASCII characters, in quotes where it has spaces; a "
            "UUID is a good one."
        )
    if not 1 <= len(key) <= _LONGEST:
        raise InvalidIdempotencyKey(f"An Idempotency-Key has 1 to {_LONGEST} characters.")
    return key


IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        description="A name of your choice for this request: sent again with it, the request "
        "is answered as before and starts nothing. It counts for a day",
        json_schema_extra={"type": "string", "pattern": _EITHER},
    ),
]


def once(key: str | None, request: Request, body: BaseModel) -> Once | None:
    """The key with the digest of method, path and body, however the body was spelled.

    `key` is the header as it came, None without one. Raises InvalidIdempotencyKey.
    """
    # It would be the last of several, which are refused.
    key = None if key is None else parse_key(request.headers.getlist(_HEADER))
    if key is None:
        return None
    said = json.dumps(body.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    whole = f"{request.method} {request.scope['path']}\n{said}"
    return Once(key, hashlib.sha256(whole.encode()).hexdigest())
