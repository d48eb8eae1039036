"""`offstage agents`: which agents there are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from backend.cli.options import DataDirOption, JsonOption, UrlOption

if TYPE_CHECKING:
    from backend.cli.client import Json


def agents(
    as_json: JsonOption = False, url: UrlOption = None, data_dir: DataDirOption = None
) -> None:
    """List the agents of the running Offstage, or without one those of this installation."""
    from rich.table import Table

    from backend.cli.client import OffstageClient
    from backend.cli.config import load_settings
    from backend.cli.target import find_url
    from backend.cli.terminal import output_console, write_json

    found = find_url(url, load_settings(data_dir))
    if found is None:
        items = _installed()
    else:
        with OffstageClient(found) as client:
            items = client.agents()
    if as_json:
        write_json({"items": items})
        return
    table = Table("AGENT", "MAKES", "WHAT IT DOES", box=None, header_style="bold")
    for each in items:
        table.add_row(f"{each['id']}@{each['version']}", each["saves"] or "-", each["summary"])
    output_console().print(table)


def _installed() -> list[Json]:
    from backend.api.routes.agents import list_agents

    page = asyncio.run(list_agents())
    return [each.model_dump(mode="json", by_alias=True) for each in page.items]
