"""`offstage api`: the HTTP API and the page alone, for a Redis and a database of their own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from backend.cli.options import HostOption, PortOption

if TYPE_CHECKING:
    from backend.settings import Settings

_DRAIN_S = 3  # requests under way are cut after this; event streams end by themselves


def api(host: HostOption = None, port: PortOption = None) -> None:
    """Serve the API and the page. Workers are started apart, with `offstage worker`."""
    import uvicorn

    from backend.api.middleware.host_guard import require_loopback
    from backend.cli.config import load_settings
    from backend.cli.preflight import require_usable
    from backend.supervisor.listener import listen, url_of
    from backend.telemetry.logging import configure_logging, get_logger

    settings = load_settings()
    require_usable(settings)
    host = host or settings.offstage_host
    require_loopback(host, settings)
    configure_logging(settings)
    asyncio.run(_check(settings))
    # Opened here rather than by the server: a taken port is told by name, with another to take.
    with listen(host, settings.offstage_port if port is None else port) as listener:
        config = uvicorn.Config(
            "backend.api.app:create_served_app",
            factory=True,
            log_config=None,
            log_level="warning",
            access_log=False,
            # What a proxy says of itself is looked at where it counts, and nowhere else.
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_S,
        )
        server = uvicorn.Server(config)
        get_logger("offstage.api").info("api listens", url=url_of(listener))
        # The server stops at a Ctrl-C in an orderly way, and then raises it once more.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)


async def _check(settings: Settings) -> None:
    """Open what the API needs once beforehand: what is wrong becomes a message, not a traceback."""
    from backend.api.deps import open_services

    async with open_services(settings):
        pass
