"""Notes on a conversation as its minutes: who says what, without what only keeps the talk going."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.agents.synopsis_manager.extraction.features import Features
from backend.agents.synopsis_manager.notes import DraftItem
from backend.agents.synopsis_manager.page import Line
from backend.agents.synopsis_manager.speakers import SPEAKER
from backend.agents.text import cues
from backend.agents.text.terse import terse
from backend.agents.text.words import count_words

_LONGEST_TURN_WORDS = 90
_FEWEST_FREQUENT_WORDS = 2


def terse_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines of a conversation, each said in fewer words if it can be."""
    return [replace(line, text=terse(line.text)) if line.speaker else line for line in lines]


def with_speaker(line: Line) -> Line:
    """A note on a conversation ("Ann: We meet on Monday.") as what Ann says."""
    match = None if line.speaker else SPEAKER.match(line.text)
    return replace(line, speaker=match["name"], text=line.text[match.end() :]) if match else line


def is_to_the_point(features: Features) -> bool:
    """Whether something said has to do with what is much talked of: an aside fills no notes."""
    return features["frequent_words"] >= _FEWEST_FREQUENT_WORDS


def turns(lines: Sequence[Line]) -> Iterator[DraftItem]:
    """A paragraph for what each says in a row, with the name in front once."""
    said: list[Line] = []
    for line in lines:
        words = sum(count_words(one.text) for one in said)
        too_long = words + count_words(line.text) > _LONGEST_TURN_WORDS
        if said and (line.speaker != said[0].speaker or too_long):
            yield _turn(said)
            said = []
        said.append(line)
    if said:
        yield _turn(said)


def _turn(lines: Sequence[Line]) -> DraftItem:
    text = " ".join(cues.closed(line.text.removesuffix(";")) for line in lines)
    speaker = lines[0].speaker
    return DraftItem(
        kind="text",
        text=f"{speaker}: {text}" if speaker else text,
        cites=[line.number for line in lines],
    )
