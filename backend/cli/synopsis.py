"""`offstage synopsis FILE...`: notes on files, as Markdown on standard output."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.options import DataDirOption, JsonOption, UrlOption

if TYPE_CHECKING:
    from backend.cli.client import Json


Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        help=".txt .md .rst .html .pdf .docx .srt .vtt .json (a chat); - is standard input.",
        show_default=False,
    ),
]
Title = Annotated[str | None, typer.Option(help="The notes' title.", show_default=False)]
Language = Annotated[
    str | None,
    typer.Option(
        help="Write in this language (ru, en, …) rather than the material's.", show_default=False
    ),
]
Instructions = Annotated[
    str | None,
    typer.Option(
        help="What to look out for. The offline model knows only: shorter, definitions only, "
        "more about a subject.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        help="The model, if an Offstage is started for this (AGENTS_DEFAULT_MODEL).",
        show_default=False,
    ),
]


def synopsis(
    files: Files,
    title: Title = None,
    language: Language = None,
    instructions: Instructions = None,
    model: Model = None,
    as_json: JsonOption = False,
    url: UrlOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Make study notes of files, all into one. Prints Markdown; progress goes to standard error.

    Uses the Offstage that runs on the data directory, or starts one for the occasion.
    """
    from backend.cli.client import OffstageClient
    from backend.cli.config import load_settings
    from backend.cli.failing import stopping_on_signals
    from backend.cli.notes import Wishes, make_notes
    from backend.cli.occasion import running_or_occasional
    from backend.cli.progress import JobProgress
    from backend.cli.sources import open_sources
    from backend.cli.terminal import say, write, write_json
    from backend.domain.artifacts import Synopsis
    from backend.exports.markdown import to_markdown

    settings = load_settings(data_dir)
    if model is not None:
        settings = settings.model_copy(update={"agents_default_model": model})
    with ExitStack() as stack:
        stack.enter_context(stopping_on_signals())
        sources = open_sources(files, stack)
        with JobProgress() as progress:
            offstage = stack.enter_context(running_or_occasional(url, settings, progress.stage))
            if model is not None and offstage.stays:
                raise typer.BadParameter(_model_is_theirs(offstage.url), param_hint="--model")
            client = stack.enter_context(OffstageClient(offstage.url))
            made = make_notes(client, sources, Wishes(title, language, instructions), progress)
        if as_json:
            write_json(made.synopsis)
        else:
            write(to_markdown(Synopsis.model_validate(_content(made.synopsis))))
        if offstage.stays and sys.stderr.isatty():
            say(f"Kept in {offstage.url}/s/{made.session_id}")


def _content(answer: Json) -> Json:
    """The notes themselves, without what the API tells about their version."""
    return {name: answer[name] for name in ("title", "language", "items")}


def _model_is_theirs(url: str) -> str:
    return (
        f"The Offstage at {url} runs already and answers with its own model, the one it was "
        "started with (AGENTS_DEFAULT_MODEL). Leave --model out, or stop that Offstage, or choose "
        "another --data-dir."
    )
