"""The FastAPI application: routes, middleware, and what lives as long as it does."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from backend.api.contract import CONTRACT_VERSION, install_openapi, operation_id
from backend.api.deps import open_services
from backend.api.docs_page import install_docs
from backend.api.errors import UnexpectedErrors, install_error_handlers
from backend.api.middleware.authentication import Authentication
from backend.api.middleware.body_limit import BodyLimit
from backend.api.middleware.callers_trace import CallersTrace
from backend.api.middleware.cross_site import CrossSiteGuard
from backend.api.middleware.host_guard import HostGuard, allowed_hosts
from backend.api.middleware.others_first import OthersFirst
from backend.api.middleware.request_id import RequestId
from backend.api.middleware.security_headers import SecurityHeaders
from backend.api.routes import (
    agents,
    artifact_runs,
    artifact_views,
    artifacts,
    events,
    health,
    jobs,
    materials,
    pipeline,
    sessions,
    sign_in,
)
from backend.api.static import install_page, page_folder
from backend.api.stopping import on_stop
from backend.api.turns import Turns
from backend.settings import Settings, get_settings
from backend.telemetry.logging import configure_logging
from backend.telemetry.tracing import configure_tracing, flush_traces, spans_are_kept

_THREADS_WAIT_S = 0.001

# In the order in which a request is held against them: what is asked for most comes first.
ROUTERS = (
    jobs.router,
    events.router,
    sessions.router,
    materials.router,
    artifacts.router,
    artifact_views.router,
    pipeline.router,
    agents.router,
    artifact_runs.router,
    sign_in.router,
    health.router,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application for `settings` (by default the environment's). Opens nothing yet."""
    settings = settings or get_settings()
    configure_logging(settings)
    configure_tracing(settings, "api")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(settings) as services:
            app.state.services = services
            with on_stop(services.live.close):
                yield
        flush_traces()

    turns = Turns()
    app = FastAPI(
        title="Offstage",
        summary="Runs LLM agents off the request path.",
        version=CONTRACT_VERSION,
        lifespan=lifespan,
        # FastAPI's own pages load scripts from another host.
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=operation_id,
        telemetry={
            # A span that nobody reads costs as much as a small request.
            "tracing": spans_are_kept(),
            "metrics": False,
            # They carry messages of exceptions, which can repeat what a caller sent.
            "logs": False,
            "operation_spans": False,
            "exclude": lambda scope: scope.get("path") in ("/healthz", "/readyz", "/metrics"),
        },
        middleware=_middleware(settings, turns),
    )
    app.state.turns = turns
    install_error_handlers(app)
    # Not as a router within the router: each request would be held against both.
    app.router.routes.extend(jobs.quick.routes)
    for router in ROUTERS:
        app.include_router(router)
    install_openapi(app, settings)
    install_docs(app)
    install_page(app, page_folder())
    return app


def create_served_app() -> FastAPI:
    """The same for a process that serves it and ends with it.

    What was made by now stays: the garbage collector needn't look at it again and again. Threads
    that SQLite's answers come from get their turn after a millisecond, not after five.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_THREADS_WAIT_S)
    return app


def _middleware(settings: Settings, turns: Turns) -> list[Middleware]:
    is_local = settings.auth_mode == "local"
    allowed = allowed_hosts(settings)
    # Signed in or not, no name but these; without any, only what has no sign-in needs guarding.
    host_guard = [Middleware(HostGuard, allowed=allowed)] if is_local or allowed else []
    return [
        Middleware(OthersFirst, turns=turns),
        Middleware(RequestId),
        *([] if spans_are_kept() else [Middleware(CallersTrace)]),
        Middleware(SecurityHeaders),
        Middleware(UnexpectedErrors),
        *host_guard,
        Middleware(CrossSiteGuard, bearer_exempt=not is_local),
        Middleware(Authentication),
        Middleware(BodyLimit, material_max_bytes=settings.material_max_bytes),
    ]
