"""What sort of text it is, told by its form: talk has speakers, the rest is prose."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

Kind = Literal["prose", "transcript", "subtitles", "chat"]

_SPEAKER = re.compile(
    r"^(?:[-–—]\s*)?\*{0,2}(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?"
    r"(?P<name>[A-ZА-ЯЁ][\w.’'-]*(?:\s[\w.’'-]+){0,3}):\*{0,2}\s+\S"
)
_MESSAGE = re.compile(
    r"^\[?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+)?\d{1,2}:\d{2}(?::\d{2})?\]?\s*[-–—]?\s*"
    r"(?:<[^>\n]{1,40}>|[^:\n]{1,40}:)\s"
)
_FEWEST_TURNS = 6
_CHAT_SHARE = 0.5
_SPEECH_SHARE = 0.3
_SAMPLE_CHARACTERS = 200_000


def detect_kind(text: str) -> Kind:
    """Transcript: a good part of the paragraphs open with the names of a few speakers who come
    back. Chat: half of the lines open with a time and a name.
    """
    lines = [line for line in text[:_SAMPLE_CHARACTERS].split("\n") if line.strip()]
    messages = sum(1 for line in lines if _MESSAGE.match(line))
    if messages >= _FEWEST_TURNS and messages >= _CHAT_SHARE * len(lines):
        return "chat"
    matches = (_SPEAKER.match(line) for line in lines)
    names = Counter(match["name"] for match in matches if match)
    turns = sum(count for count in names.values() if count > 1)
    if turns >= _FEWEST_TURNS and turns >= _SPEECH_SHARE * len(lines):
        return "transcript"
    return "prose"
