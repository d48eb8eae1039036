"""The command and its subcommands."""

from __future__ import annotations

from typing import Annotated

import typer

from backend import __version__
from backend.cli.agents import agents_app
from backend.cli.api import api
from backend.cli.doctor import doctor
from backend.cli.failing import ClearErrors
from backend.cli.jobs import jobs_app
from backend.cli.synopsis import synopsis
from backend.cli.up import up
from backend.cli.update import update
from backend.cli.users import users_app
from backend.cli.worker import worker

app = typer.Typer(
    name="offstage",
    cls=ClearErrors,
    no_args_is_help=True,
    add_completion=False,
    # Ours names what is wrong and what to do; see failing.py.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"offstage {__version__}")
        raise typer.Exit


@app.callback()
def offstage(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Runs LLM agents off the request path: study notes of lectures, and more."""


for command in (up, synopsis, update, doctor, api, worker):
    app.command()(command)
app.add_typer(agents_app, name="agents")
app.add_typer(jobs_app, name="jobs")
app.add_typer(users_app, name="users")
