"""Where an exception came from, said to the author of the code that raised it."""

from __future__ import annotations

import inspect
import sysconfig
import traceback
from pathlib import Path
from typing import Any

_OF_OTHERS = (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), "<")


_NOTE = "raised at "


def home_of(target: Any) -> str:
    """The file that an agent's function or class is written in; "" if none can be told."""
    try:
        return inspect.getfile(target)
    except (TypeError, OSError):
        return ""


def place_of(error: BaseException, home: str = "") -> str:
    """`file.py:12 in name`, without the message: the innermost frame of the agent's file `home`,
    which may be installed like a library, or else of what is no library."""
    for note in getattr(error, "__notes__", ()):
        if note.startswith(_NOTE):
            return str(note).removeprefix(_NOTE)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == home]
    own = own or [frame for frame in frames if not is_of_others(frame.filename)]
    if not own:
        return "an unknown place"
    return f"{Path(own[-1].filename).name}:{own[-1].lineno} in {own[-1].name}"


def is_of_others(filename: str) -> bool:
    """Whether it belongs to Python or an installed library."""
    return filename.startswith(_OF_OTHERS)


def note_place(error: BaseException, home: str) -> None:
    """Write it down with the error, whose traceback is lost on the way to another process."""
    error.add_note(f"{_NOTE}{place_of(error, home)}")
