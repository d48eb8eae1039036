"""Offstage's own application with one more route, to compare with."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from backend.api import app as offstage
from backend.settings import Settings


def create_bench_app() -> FastAPI:
    """The application, and `POST /bench/empty`, which answers 202 and does nothing."""
    app = offstage.create_app(Settings(_env_file=None))

    async def empty() -> JSONResponse:
        return JSONResponse({}, status_code=202)

    # In front of the page's catch-all route.
    app.router.add_api_route("/bench/empty", empty, methods=["POST"])
    app.router.routes.insert(0, app.router.routes.pop())
    return app
