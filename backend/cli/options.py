"""Options that several subcommands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Where notes and jobs lie (OFFSTAGE_DATA_DIR).",
        file_okay=False,
        show_default=False,
    ),
]
UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="OFFSTAGE_URL",
        help="The running Offstage to use, such as http://127.0.0.1:8765.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")]
HostOption = Annotated[
    str | None,
    typer.Option(help="The address to listen on (OFFSTAGE_HOST).", show_default=False),
]
PortOption = Annotated[
    int | None,
    typer.Option(
        help="The port to listen on; 0 takes a free one (OFFSTAGE_PORT).",
        min=0,
        max=65_535,
        show_default=False,
    ),
]
