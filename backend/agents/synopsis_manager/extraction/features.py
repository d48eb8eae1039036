"""What tells a sentence that sums up from one that doesn't: numbers a linear model can weigh."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.agents.synopsis_manager.extraction import wording
from backend.agents.synopsis_manager.page import Line
from backend.agents.text import cues
from backend.agents.text.definitions import definition_in
from backend.agents.text.words import content_stems, stop_words, words

_CODE_SIGN = re.compile(r"[`{}<>_/\\=#$@|]")
_FIRST_SECTIONS = 1
_TOP_STEMS, _FREQUENT_STEMS = 12, 30
_USUAL_SHARE_OF_EMPTY_WORDS = 0.45

Features = dict[str, float]


@dataclass(frozen=True)
class Place:
    """A line that may be picked, and where it stands."""

    line: Line
    heading: str
    section: int
    index: int
    opens_paragraph: bool
    stems: frozenset[str]
    words: tuple[str, ...]


def places_of(lines: Sequence[Line]) -> list[Place]:
    """The sentences, list items and headings of a page in order; code is passed over."""
    places: list[Place] = []
    heading, section, index, paragraph = "", 0, 0, -1
    for line in lines:
        if line.kind == "code":
            continue
        if line.kind == "heading":
            heading, section, index = line.text, section + bool(places), -1
        found = tuple(word.lower() for word in words(line.text))
        stems = frozenset(content_stems(line.text))
        opens = line.paragraph != paragraph
        places.append(Place(line, heading, section, index, opens, stems, found))
        index, paragraph = index + 1, line.paragraph
    return places


def said_as(place: Place, text: str) -> Place:
    """The same place with other words."""
    found = tuple(word.lower() for word in words(text))
    line = replace(place.line, text=text)
    return replace(place, line=line, stems=frozenset(content_stems(text)), words=found)


def features_of(places: Sequence[Place], opens_material: bool) -> list[Features]:
    """The features of each place; those of position count only where the material begins."""
    found = features_of_forms(places, [[place] for place in places], opens_material)
    return [features for [features] in found]


def features_of_forms(
    places: Sequence[Place], forms: Sequence[Sequence[Place]], opens_material: bool
) -> list[list[Features]]:
    """The features of each way to say each place: `forms[i]` are those of `places[i]`."""
    whole = _Whole(places)
    return [
        [
            {
                "always": 1.0,
                **_of_position(form, number, len(places), whole.sections, opens_material),
                **_of_form(form),
                **_of_content(form, whole),
            }
            for form in forms[number]
        ]
        for number in range(len(places))
    ]


class _Whole:
    """What is counted over all the places."""

    def __init__(self, places: Sequence[Place]) -> None:
        count = max(1, len(places))
        spread = Counter(stem for place in places for stem in place.stems)
        self.weight = {stem: math.log(1 + count / found) for stem, found in spread.items()}
        self.centre = {
            stem: math.log(1 + found) * self.weight[stem] for stem, found in spread.items()
        }
        self.length = math.sqrt(math.fsum(value**2 for value in self.centre.values())) or 1.0
        # The same notes each time: sets have another order in every process.
        common = sorted(spread, key=lambda stem: (-spread[stem], stem))[:_FREQUENT_STEMS]
        self.top, self.frequent = frozenset(common[:_TOP_STEMS]), frozenset(common)
        headings = [place.stems for place in places if place.line.kind == "heading"]
        self.headed = frozenset().union(*headings)
        self.title = headings[0] if headings else frozenset()
        self.said = Counter(word for place in places for word in place.words)
        self.sections = 1 + max((place.section for place in places), default=0)
        self.by_speaker: Counter[str] = Counter()
        for place in places:
            self.by_speaker[place.line.speaker] += len(place.words)
        self.total = max(1, self.said.total())


def _of_position(
    place: Place, number: int, count: int, sections: int, opens_material: bool
) -> Features:
    is_early = opens_material
    return {
        "first": float(is_early and number == 0),
        "among_first_3": float(is_early and number < 3),
        "among_first_6": float(is_early and number < 6),
        "nearness_to_start": 1 / (1 + number) if is_early else 0.0,
        "how_far": number / max(1, count),
        "among_last": float(number >= count - max(1, count // 20)),
        "opens_section": float(place.index == 0),
        "nearness_to_heading": 1 / (1 + max(0, place.index)),
        "in_first_section": float(is_early and place.section < _FIRST_SECTIONS),
        "in_second_section": float(is_early and place.section == _FIRST_SECTIONS),
        "in_last_section": float(place.section == sections - 1),
        "opens_paragraph": float(place.opens_paragraph),
    }


def _of_form(place: Place) -> Features:
    line, count = place.line, len(place.words)
    text = line.text
    empty = sum(word in stop_words() for word in place.words) / max(1, count)
    return {
        "is_high_heading": float(line.kind == "heading" and line.level <= 2),
        "is_low_heading": float(line.kind == "heading" and line.level > 2),
        "is_list_item": float(line.kind == "item"),
        "length": math.log(1 + count),
        "is_short": float(count < 8),
        "is_of_good_length": float(14 <= count <= 35),
        "is_long": float(count > 45),
        "tells_purpose": float(wording.tells_purpose(text)),
        "is_weighty": float(wording.is_weighty(text)),
        "is_small_talk": float(cues.is_small_talk(text)),
        "is_question": float(cues.is_question(text)),
        "points_back": float(cues.points_back(text)),
        "announces": float(cues.announces(text)),
        "is_chatter": float(cues.is_chatter(text)),
        "is_example": float(cues.is_example(text)),
        "in_appendix": float(cues.is_appendix(place.heading)),
        "defines": float(definition_in(text) is not None),
        "code_signs": min(1.0, 2 * len(_CODE_SIGN.findall(text)) / max(1, count)),
        "has_digits": float(any(character.isdigit() for character in text)),
        "has_bracket": float("(" in text),
        "commas": min(4.0, text.count(",")),
        "names": min(3.0, sum(word[:1].isupper() for word in text.split()[1:])),
        "odd_share_of_empty_words": (empty - _USUAL_SHARE_OF_EMPTY_WORDS) ** 2,
    }


def _of_content(place: Place, whole: _Whole) -> Features:
    stems = place.stems
    many = max(1, len(stems))
    own = math.sqrt(math.fsum(whole.weight[stem] ** 2 for stem in stems)) or 1.0
    shared = math.fsum(whole.weight[stem] * whole.centre[stem] for stem in stems)
    usual = sum(math.log(1 + whole.said[word] / whole.total) for word in place.words)
    spoken = whole.by_speaker[place.line.speaker] / whole.total
    return {
        "centrality": shared / own / whole.length,
        "share_of_top": len(stems & whole.top) / many,
        "top_words": min(5.0, len(stems & whole.top)),
        "share_of_frequent": len(stems & whole.frequent) / many,
        "frequent_words": min(8.0, len(stems & whole.frequent)),
        "share_of_headings": len(stems & whole.headed) / many,
        "heading_words": min(5.0, len(stems & whole.headed)),
        "title_words": min(3.0, len(stems & whole.title)),
        "own_heading_words": min(2.0, len(stems & set(content_stems(place.heading)))),
        "usual_words": usual / max(1, len(place.words)),
        "density": len(stems) / max(1, len(place.words)),
        "speakers_share": spoken if place.line.speaker else 0.0,
    }
