"""SubRip and WebVTT to prose: cues without numbers and times, rolling repeats removed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from backend.documents.formats.extracted import Extracted

_TIMES = re.compile(
    r"^\s*(?P<start>(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s+-->\s+(?P<end>(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,80})?\s{1,4}([^>]{1,80})>")
_TAGS = re.compile(
    r"</?(?:[bius]|c|v|ruby|rt|lang|font)(?:[.\s][^>]{0,80})?>|<\d[\d:.,]{0,20}>", re.IGNORECASE
)
_STYLING = re.compile(r"\{\\[^}]{0,80}\}")
_NOISE = re.compile(r"^\s*[\[(♪#][^\])]*[\])♪#]\s*$")
_SPEAKER_DASH = re.compile(r"^\s*[-–—]\s*(?=\S)")
_NAMED = re.compile(r"^[^\W\d_][\w .'’-]{0,40}:\s")
_SENTENCE_END = re.compile(r"[.!?…][\"»”')\]]*$")
_PAUSE_S = 3.0
_PARAGRAPH_CHARACTERS = 700


def read_subtitles(text: str) -> Extracted:
    """What is said, in paragraphs: broken at pauses, at a change of speaker and, past some
    length, at a sentence's end. Speaker tags become `Name: `; stage notes such as "(music)" go.

    Text without a single cue comes back as it is.
    """
    paragraphs: list[str] = []
    current, last_end, lines_before = "", 0.0, list[str]()
    found = False
    for start, end, lines in _cues(text):
        found = True
        fresh = [line for line in lines if line not in lines_before]
        lines_before = lines
        for line in fresh:
            named = bool(_NAMED.match(line))
            turn = named or bool(_SPEAKER_DASH.match(line))
            paused = start - last_end >= _PAUSE_S and _SENTENCE_END.search(current)
            long = len(current) > _PARAGRAPH_CHARACTERS and _SENTENCE_END.search(current)
            if current and (turn or paused or long):
                paragraphs.append(current)
                current = ""
            current = f"{current} {_SPEAKER_DASH.sub('', line)}".strip()
            last_end = end
        last_end = max(last_end, end)
    if not found:
        return Extracted(text)
    return Extracted("\n\n".join([*paragraphs, current] if current else paragraphs))


def _cues(text: str) -> Iterator[tuple[float, float, list[str]]]:
    """Start and end in seconds and the lines of each cue that says something."""
    times: tuple[float, float] | None = None
    lines: list[str] = []
    for raw in [*text.split("\n"), ""]:
        match = _TIMES.match(raw)
        if match:
            if times and _without_number(lines):
                yield *times, _without_number(lines)
            times, lines = (_seconds(match["start"]), _seconds(match["end"])), []
        elif times and raw.strip():
            lines.extend(_spoken(raw))
        elif times and lines:
            yield *times, lines
            times, lines = None, []
    if times and lines:
        yield *times, lines


def _without_number(lines: list[str]) -> list[str]:
    """A cue without a blank line after it holds the next one's number."""
    return lines[:-1] if lines and lines[-1].isdigit() else lines


def _spoken(raw: str) -> list[str]:
    line = _VOICE.sub(lambda match: f"{match.group(1).strip()}: ", raw)
    line = html.unescape(_TAGS.sub("", _STYLING.sub("", line)))
    line = re.sub(r"\s+", " ", line).strip()
    return [] if not line or _NOISE.match(line) else [line]


def _seconds(stamp: str) -> float:
    seconds = 0.0
    for part in stamp.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
