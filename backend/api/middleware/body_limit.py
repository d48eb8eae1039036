"""Refuses bodies that are too large, with a problem response.

FastAPI's own `max_body_size` counts the same way, but sends its 413 as plain text past every
handler and middleware.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api.problems import problem_response

JSON_MAX_BYTES = 2 * 1024 * 1024
# What multipart adds around a file.
_MULTIPART_OVERHEAD_BYTES = 64 * 1024
_MATERIALS = re.compile(r"/sessions/[^/]+/materials/?")
# A browser shows «connection reset» in place of the answer when the server hangs up on an upload
# half-way, so a moderately oversized one is read to its end and thrown away.
_DISCARDED_AT_MOST_BYTES = 256 * 1024 * 1024


class BodyLimit:
    """`material_max_bytes` where materials are posted, `JSON_MAX_BYTES` elsewhere."""

    def __init__(self, app: ASGIApp, material_max_bytes: int) -> None:
        self.app = app
        self._material_max_bytes = material_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = JSON_MAX_BYTES
        if _MATERIALS.fullmatch(scope["path"]):
            limit = max(limit, self._material_max_bytes + _MULTIPART_OVERHEAD_BYTES)
        told = Headers(scope=scope).get("content-length", "")
        if told.isdecimal() and int(told) > limit:
            await _discard(receive, int(told))
            await _too_large(limit)(scope, receive, send)
            return
        await self._count(limit, scope, receive, send)

    async def _count(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0
        exceeded = False

        async def counted() -> Message:
            nonlocal read, exceeded
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                exceeded = True
                raise HTTPException(413)
            return message

        async def answer(message: Message) -> None:
            # Whatever the route made of the 413, this is what it means.
            if not exceeded:
                await send(message)

        await self.app(scope, counted, answer)
        if exceeded:
            await _too_large(limit)(scope, receive, send)


async def _discard(receive: Receive, told: int) -> None:
    if told > _DISCARDED_AT_MOST_BYTES:
        return
    while True:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


def _too_large(limit: int) -> ASGIApp:
    return problem_response(
        413,
        "too_large",
        "The request is too large",
        f"This address takes at most {limit // 1024} KiB.",
    )
