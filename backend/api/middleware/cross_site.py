"""Keeps other web sites' pages from doing anything with what a browser sends along by itself.

That is this machine's own address with AUTH_MODE=local, and the page's cookie otherwise. Reading
across origins is stopped by the browser.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.api.problems import problem_response

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN_SITES = ("same-origin", "none")


class CrossSiteGuard:
    """Answers 403 to a state-changing request that a page of another origin sent.

    With `bearer_exempt`, one that brings an Authorization header is let through: no page of
    another origin can make a browser send that.
    """

    def __init__(self, app: ASGIApp, bearer_exempt: bool) -> None:
        self.app = app
        self._bearer_exempt = bearer_exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.app
        if scope["type"] == "http" and self._refuses(scope["method"], Headers(scope=scope)):
            answer = problem_response(
                403,
                "cross_site",
                "Refused: sent by another site",
                "A page of another origin sent this request.",
            )
        await answer(scope, receive, send)

    def _refuses(self, method: str, headers: Headers) -> bool:
        if method in _SAFE_METHODS or (self._bearer_exempt and "authorization" in headers):
            return False
        return _comes_from_elsewhere(headers)


def _comes_from_elsewhere(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none").lower() not in _OWN_SITES:
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    # Host names an authority, and so does Origin after its scheme, which a proxy may have changed.
    _, _, authority = origin.partition("://")
    return authority.lower() != headers.get("host", "").lower()
