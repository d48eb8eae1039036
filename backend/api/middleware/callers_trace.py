"""Goes on with the caller's trace where no span of the request does."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from backend.telemetry.tracing import within


class CallersTrace:
    """Takes `traceparent` over, so that the jobs of a request get the trace of its sender."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = (
            next((value for name, value in scope["headers"] if name == b"traceparent"), None)
            if scope["type"] == "http"
            else None
        )
        if sent is None:
            await self.app(scope, receive, send)
            return
        with within({"traceparent": sent.decode("latin-1")}):
            await self.app(scope, receive, send)
