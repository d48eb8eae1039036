"""Gives each request an id: on its response, and on every log line it causes."""

from __future__ import annotations

import re
import secrets

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._-]{8,128}")


class RequestId:
    """Takes `X-Request-ID` over when it is a sane token, makes one otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = [value for name, value in scope["headers"] if name == _HEADER]
        request_id = given[0] if given and _SANE.fullmatch(given[0]) else _new_id()

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (_HEADER, request_id)]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id.decode()):
            await self.app(scope, receive, marked)


def _new_id() -> bytes:
    return secrets.token_hex(16).encode()
