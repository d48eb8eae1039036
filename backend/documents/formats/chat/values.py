"""The JSON values of a file: one, or one after the other as in JSON Lines."""

from __future__ import annotations

import json
import re
from typing import Any

_SPACE = re.compile(r"[\s,]*")
# Numbers are of no use here, and those of many thousand digits take long to read.
_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=lambda _: None, strict=False
)


class NoJson(Exception):
    """The text is no JSON from `line` on, or ends within a value that begins there."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def json_values(text: str) -> list[Any]:
    """All values in order. Raises NoJson, or RecursionError for what is nested past reading."""
    values = []
    position = _after_space(text, 0)
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise NoJson(error.lineno) from error
        values.append(value)
        position = _after_space(text, position)
    return values


def _after_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position
