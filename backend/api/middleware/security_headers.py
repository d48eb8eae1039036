"""Headers that tell a browser to trust a response with as little as possible."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Everything only from here, and nothing that the page doesn't have. Styles may stand inline:
# components place things and show toasts with style attributes and elements; a style can't run
# code, and what it names can't be fetched from elsewhere.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

_BY_DEFAULT = {
    "Content-Security-Policy": DATA_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Answers are a person's own: a shared cache must not keep them, the browser asks again.
    "Cache-Control": "private, no-cache",
}
# As ASGI sends them: this is done for every response.
_DEFAULTS = [(name.lower().encode(), value.encode()) for name, value in _BY_DEFAULT.items()]


class SecurityHeaders:
    """Sets what a route didn't set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = list(message.get("headers", ()))
                there = {name for name, _ in headers}
                headers += [default for default in _DEFAULTS if default[0] not in there]
            await send(message)

        await self.app(scope, receive, guarded)
