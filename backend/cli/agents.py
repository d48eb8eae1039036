"""`offstage agents`: which agents there are; `new` writes one, `run` runs one here and now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.options import DataDirOption, JsonOption, UrlOption

if TYPE_CHECKING:
    from backend.cli.client import Json

agents_app = typer.Typer()


@agents_app.callback(invoke_without_command=True)
def agents(
    context: typer.Context,
    as_json: JsonOption = False,
    url: UrlOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """List the agents of the running Offstage, or without one those of this installation."""
    if context.invoked_subcommand is not None:
        return
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


@agents_app.command()
def new(name: Annotated[str, typer.Argument(help="Such as word_finder.")]) -> None:
    """Write an agent that works, and its test: in a checkout of Offstage, or in this folder."""
    from backend.cli.new_agent import write_agent
    from backend.cli.terminal import say, write

    written = write_agent(name)
    for path in (written.agent, written.test):
        write(f"{path}\n")
    say(written.next_step)


@agents_app.command()
def run(
    name: Annotated[str, typer.Argument(help="`id`, `id@v1`, or a Python file that has one.")],
    file: Annotated[
        list[str] | None,
        typer.Option("--file", help="Material: a file, or - for standard input. May be repeated."),
    ] = None,
    query: Annotated[str, typer.Option(help="What the agent is asked, as JSON.")] = "{}",
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
) -> None:
    """Run an agent here and now, without queue and Redis. Its events go to standard error."""
    from backend.cli.config import load_settings
    from backend.cli.run_agent import Wanted, run_in_foreground
    from backend.cli.terminal import write_json

    wanted = Wanted(name=name, files=tuple(file or ()), query=query, events_as_json=as_json)
    write_json(run_in_foreground(wanted, load_settings(data_dir)))
