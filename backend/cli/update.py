"""`offstage update SESSION [FILE...]`: the notes of a session that is there already."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from backend.cli.options import DataDirOption, JsonOption, UrlOption
from backend.cli.synopsis import Instructions

Session = Annotated[str, typer.Argument(metavar="SESSION", help="Its id: /s/<id> on the page.")]
Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE]...", help="Material to add first.", show_default=False),
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Also if nothing has changed since the last version.")
]


def update(
    session: Session,
    files: Files = None,
    instructions: Instructions = None,
    anyway: Anyway = False,
    as_json: JsonOption = False,
    url: UrlOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Update the notes of a session, or make its first. Prints Markdown.

    What is covered stays as it is, a person's changes too. If nothing has changed, the version
    there is is printed and nothing runs.
    """
    from backend.cli.client import OffstageClient
    from backend.cli.config import load_settings
    from backend.cli.failing import stopping_on_signals
    from backend.cli.notes import Wishes, update_notes
    from backend.cli.occasion import running_or_occasional
    from backend.cli.progress import JobProgress
    from backend.cli.sources import open_sources
    from backend.cli.terminal import say, write, write_json
    from backend.domain.artifacts import Synopsis
    from backend.exports.markdown import to_markdown

    settings = load_settings(data_dir)
    with ExitStack() as stack:
        stack.enter_context(stopping_on_signals())
        sources = open_sources(files, stack) if files else []
        with JobProgress() as progress:
            offstage = stack.enter_context(running_or_occasional(url, settings, progress.stage))
            client = stack.enter_context(OffstageClient(offstage.url))
            wishes = Wishes(instructions=instructions)
            made = update_notes(client, session, sources, wishes, progress, anyway=anyway)
        if made.unchanged:
            say(f"Nothing has changed since version {made.synopsis['version']}; --anyway runs it.")
        if as_json:
            write_json(made.synopsis)
        else:
            content = {name: made.synopsis[name] for name in ("title", "language", "items")}
            write(to_markdown(Synopsis.model_validate(content)))
