"""Offstage's own application with one more route, to compare with."""

from __future__ import annotations

import gc
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from backend.api import app as offstage
from backend.api.deps import services_of
from backend.settings import Settings


def create_bench_app() -> FastAPI:
    """The application, and two routes: one does nothing, one writes to Redis once."""
    app = offstage.create_app(Settings(_env_file=None))

    async def empty() -> JSONResponse:
        return JSONResponse({}, status_code=202)

    async def one_set(request: Request) -> JSONResponse:
        await services_of(request).runtime.redis.set("bench", uuid4().hex)
        return JSONResponse({}, status_code=202)

    # In front of the page's catch-all route.
    for path, route in (("/bench/empty", empty), ("/bench/set", one_set)):
        app.router.add_api_route(path, route, methods=["POST"])
        app.router.routes.insert(0, app.router.routes.pop())
    gc.collect()
    gc.freeze()
    return app
