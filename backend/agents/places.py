"""Where an exception came from, said to the author of the code that raised it."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

_OF_OTHERS = (sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), "<")


_NOTE = "raised at "


def place_of(error: BaseException) -> str:
    """`file.py:12 in name`: the innermost frame of an agent's own code, without the message."""
    for note in getattr(error, "__notes__", ()):
        if note.startswith(_NOTE):
            return str(note).removeprefix(_NOTE)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not is_of_others(frame.filename)]
    if not own:
        return "an unknown place"
    return f"{Path(own[-1].filename).name}:{own[-1].lineno} in {own[-1].name}"


def is_of_others(filename: str) -> bool:
    """Whether it belongs to Python or an installed library."""
    return filename.startswith(_OF_OTHERS)


def note_place(error: BaseException) -> None:
    """Write it down with the error, whose traceback is lost on the way to another process."""
    error.add_note(f"{_NOTE}{place_of(error)}")
