"""The files a command is given: looked at before anything is started for them."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from backend.cli.errors import UnusableFiles

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Source:
    """An open file; `name` is what messages call it."""

    name: str
    content: IO[bytes]


def open_sources(names: Sequence[str], stack: ExitStack) -> list[Source]:
    """The files, open until `stack` closes; `-` is standard input, read to its end.

    Raises UnusableFiles naming every one that isn't there, isn't a file or can't be opened.
    """
    if names.count(STANDARD_INPUT) > 1:
        raise UnusableFiles("Standard input (-) can be given once.")
    sources: list[Source] = []
    problems: list[str] = []
    for name in names:
        try:
            sources.append(Source(*_open(name, stack)))
        except OSError as error:
            problems.append(f"{name}: {error.strerror}.")
    if problems:
        raise UnusableFiles("\n".join(problems))
    return sources


def _open(name: str, stack: ExitStack) -> tuple[str, IO[bytes]]:
    if name == STANDARD_INPUT:
        return "stdin", io.BytesIO(sys.stdin.buffer.read())
    path = Path(name)
    return path.name, stack.enter_context(path.open("rb"))
