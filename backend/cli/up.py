"""`offstage up`: all of Offstage on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.options import DataDirOption, HostOption, PortOption

if TYPE_CHECKING:
    from backend.settings import Settings


def up(
    port: PortOption = None,
    host: HostOption = None,
    data_dir: DataDirOption = None,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser, if there is one.")
    ] = True,
) -> None:
    """Start Offstage: API, page, worker and, unless REDIS_URL is set, Redis. Ctrl-C stops it."""
    from backend.api.middleware.host_guard import require_loopback
    from backend.cli.config import load_settings
    from backend.cli.preflight import require_named_servers, require_usable
    from backend.supervisor.stack import Stack

    settings = load_settings(data_dir)
    require_usable(settings)
    host = host or settings.offstage_host
    require_loopback(host, settings)
    require_named_servers(settings)
    stack = Stack(
        settings.offstage_data_dir,
        host,
        settings.offstage_port if port is None else port,
        settings=settings,
        write_line=_write_line,
    )
    try:
        if stack.start(handle_signals=True):
            typer.echo(ready_message(stack.url, settings))
            if open_page and _has_browser():
                _open(stack.url)
            stack.run_until_stopped()
    finally:
        stack.stop()


def _write_line(line: str) -> None:
    typer.echo(line, err=True)


def ready_message(url: str, settings: Settings) -> str:
    """What a person wants to know once it runs; no passwords."""
    from backend.cli.config import (
        describe_database,
        describe_model,
        describe_redis,
        describe_sign_in,
    )

    return "\n".join(
        [
            f"Offstage is ready: {url}",
            f"  data      {settings.offstage_data_dir.absolute()}",
            f"  Redis     {describe_redis(settings)}",
            f"  database  {describe_database(settings)}",
            f"  model     {describe_model(settings)}",
            f"  sign-in   {describe_sign_in(settings)}",
            "Ctrl-C stops it.",
        ]
    )


def _has_browser() -> bool:
    """Somebody sits at a terminal, with a display beside it."""
    has_display = sys.platform == "darwin" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return has_display and sys.stdout.isatty()


def _open(url: str) -> None:
    import webbrowser

    try:
        webbrowser.open(url)
    except webbrowser.Error:
        typer.echo("No browser could be opened: go to the address yourself.", err=True)
