"""What goes where: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer
from rich.console import Console

# A pipe has no width; at rich's 80 columns, ids and addresses would be folded.
_PIPE_COLUMNS = 200


def error_console() -> Console:
    """For people: messages and progress. Colours only on a terminal without NO_COLOR."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def output_console() -> Console:
    """For tables on standard output."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    return Console(width=width, markup=False, highlight=False, emoji=False)


def write(text: str) -> None:
    """A result, as UTF-8 whatever the locale says."""
    typer.echo(text.encode(), nl=False)


def write_json(value: Any) -> None:
    """A result for programs."""
    write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def say(message: str) -> None:
    """A remark on standard error."""
    error_console().print(message, soft_wrap=True)
