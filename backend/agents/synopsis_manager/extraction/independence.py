"""Whether a sentence can be understood without what stands around it."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.synopsis_manager.extraction import wording
from backend.agents.synopsis_manager.extraction.features import Place
from backend.agents.synopsis_manager.page import Line
from backend.agents.text import cues
from backend.agents.text.speech import breaks_off

_FEWEST_WORDS = 5


def stands_alone(place: Place) -> bool:
    """Whether a reader understands it without what it asks for or shows."""
    text = place.line.text
    leans = cues.is_question(text) or wording.refers_elsewhere(text)
    is_said = len(place.words) >= _FEWEST_WORDS and not cues.is_list_of_names(text)
    is_whole = not wording.has_lost_words(text) and not (place.line.speaker and breaks_off(text))
    return is_said and is_whole and not leans


def leans_back(line: Line) -> bool:
    """Speech leans on what was said before all the time; «this chapter» leans on nothing."""
    text = line.text
    return not line.speaker and cues.points_back(text) and not wording.tells_purpose(text)


def outline_below(places: Sequence[Place], index: int) -> range:
    """The points of the list that a sentence about the whole's purpose leads to."""
    text = places[index].line.text
    end = index + 1
    if cues.announces(text) and wording.tells_purpose(text):
        while end < len(places) and places[end].line.kind == "item":
            end += 1
    return range(index + 1, end)
