"""Lets nobody in whom Offstage doesn't know: before a route, a body or an id is looked at."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from backend.api.auth.caller import remember_caller
from backend.api.auth.modes import Authenticator
from backend.api.errors import problem_of
from backend.errors import OffstageError

# What tells nothing of anybody's: the page and the API's description, signing in and out, and
# what monitoring asks. Every other address, also one that isn't there, needs a caller.
PUBLIC = frozenset("/ /docs /openapi.json /healthz /readyz /metrics /login /logout /whoami".split())
_PUBLIC_FOLDERS = ("/s/", "/assets/")


def is_public(path: str) -> bool:
    """Whether anybody may ask for `path`."""
    return path in PUBLIC or path.startswith(_PUBLIC_FOLDERS)


class Authentication:
    """Answers 401 to whoever can't be told; the others are in the scope (`caller_of`)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        authenticator: Authenticator = scope["app"].state.services.authenticator
        try:
            remember_caller(scope, await authenticator.identify(scope))
        except OffstageError as error:
            await problem_of(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)
