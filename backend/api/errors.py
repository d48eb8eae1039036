"""The one place that turns errors into responses."""

from __future__ import annotations

import math
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api.problems import problem_response
from backend.api.rate_headers import rate_headers
from backend.errors import (
    FieldProblem,
    OffstageError,
    OperatorError,
    RateLimited,
    TokenRefused,
    Unauthenticated,
)
from backend.telemetry.logging import get_logger

_log = get_logger("offstage.api")

_HTTP_CODES = {
    400: ("bad_request", "The request can't be read"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "This address doesn't take this method"),
    413: ("too_large", "The request is too large"),
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Where pydantic's words would show a regular expression, say what it is for.
_PLAIN_WORDS = {
    "string_pattern_mismatch": "It has characters or a form that can't be used here.",
    "string_unicode": "It isn't valid Unicode: a surrogate stands alone.",
    "extra_forbidden": "There is no such field.",
    "missing": "This field is required.",
}


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of `app` a problem response."""
    app.add_exception_handler(OffstageError, _offstage_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)


def _offstage_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OffstageError)
    return problem_of(error)


def problem_of(error: OffstageError) -> JSONResponse:
    """An error of ours as a response."""
    if isinstance(error, OperatorError):
        _log.warning("not able to serve", code=error.code, reason=error.message)
    headers = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after_s))
    if isinstance(error, RateLimited):
        headers |= rate_headers(error.rates)
    if isinstance(error, Unauthenticated):
        # RFC 6750, section 3: what is wrong is told only of a token that was sent.
        why = ', error="invalid_token"' if isinstance(error, TokenRefused) else ""
        headers["WWW-Authenticate"] = f'Bearer realm="Offstage"{why}'
    return problem_response(
        error.http_status,
        error.code,
        error.title,
        error.message,
        fields=error.problems,
        headers=headers,
    )


def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Every field at fault by name; what was sent isn't repeated."""
    assert isinstance(error, RequestValidationError)
    json_sent = "json" in request.headers.get("content-type", "")
    fields = []
    for each in error.errors():
        location = [str(part) for part in each["loc"]]
        if each["type"] == "json_invalid":
            fields.append(FieldProblem("body", "It isn't valid JSON."))
        elif location == ["body"] and not json_sent:
            fields.append(FieldProblem("body", "Send JSON with Content-Type: application/json."))
        elif location == ["body"] and each["type"] == "missing":
            fields.append(FieldProblem("body", "Send a JSON object."))
        else:
            name = ".".join(location[1:]) or location[0]
            fields.append(FieldProblem(name, _PLAIN_WORDS.get(each["type"], each["msg"])))
    return problem_response(
        422,
        "invalid_request",
        "The request has fields that can't be used",
        "Correct the fields named in errors.",
        fields=fields,
    )


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    code, title = _HTTP_CODES.get(error.status_code, (phrase.lower().replace(" ", "_"), phrase))
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(_methods_at(request))}
    detail = f"There is nothing at {request.url.path[:200]}." if code == "not_found" else title
    if code == "bad_request":
        detail = str(error.detail)
    return problem_response(error.status_code, code, title, detail, headers=headers)


def _methods_at(request: Request) -> list[str]:
    """What an address takes. A router knows of one route, and an address may have several."""
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]


class UnexpectedErrors:
    """Answers 500 to what nobody meant to raise: its text goes to the log and nowhere else.

    A middleware rather than a handler, because Starlette runs handlers for `Exception` outside of
    every middleware, where the response would miss its request id and security headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            if scope["type"] != "http" or started:
                raise
            _log.exception("unexpected error", method=scope["method"])
            response = problem_response(
                500,
                "internal",
                "Something went wrong",
                "Offstage made a mistake here. Its log has the details under the X-Request-ID.",
            )
            await response(scope, receive, send)
