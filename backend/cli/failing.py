"""How the command fails: one message on standard error and an exit code, never a traceback.

`OFFSTAGE_DEBUG=1` shows the traceback too.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from backend.errors import OffstageError

FAILED = 1
_SIGNALLED = 128


class StopAsked(KeyboardInterrupt):
    """A signal other than Ctrl-C's asked this process to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class ClearErrors(TyperGroup):
    """Turns what a subcommand raises into a message and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OffstageError as error:
            show_error(error)
            raise typer.Exit(FAILED) from None
        except StopAsked as stop:
            raise typer.Exit(_SIGNALLED + stop.number) from None


@contextmanager
def failing_clearly() -> Iterator[None]:
    """For what nobody meant to raise. Its text may repeat secrets, so only its kind is told."""
    try:
        yield
    except Exception as error:
        if debugging():
            raise
        show_message(
            f"Offstage made a mistake here ({type(error).__name__}). "
            "Run it again with OFFSTAGE_DEBUG=1 to see where, and report it."
        )
        sys.exit(FAILED)


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP unwind the stack as Ctrl-C does, so that clean-ups run."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        raise StopAsked(number)

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def show_error(error: OffstageError) -> None:
    """The error's message, each field at fault on a line of its own."""
    if debugging():
        traceback.print_exception(error)
    lines = [error.message, *(f"  {each.field}: {each.message}" for each in error.problems)]
    show_message("\n".join(lines))


def show_message(message: str) -> None:
    """One error on standard error; not wrapped, so that it can be searched for."""
    from rich.text import Text

    from backend.cli.terminal import error_console

    error_console().print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)


def debugging() -> bool:
    return os.environ.get("OFFSTAGE_DEBUG", "") not in ("", "0")
