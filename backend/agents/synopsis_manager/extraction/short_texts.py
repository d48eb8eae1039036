"""An abstract of a text of a page or less: a sentence or two, said as briefly as they can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from backend.agents.synopsis_manager.extraction.features import (
    Place,
    features_of,
    features_of_forms,
    said_as,
)
from backend.agents.synopsis_manager.extraction.filling import Form, fill
from backend.agents.synopsis_manager.extraction.independence import (
    leans_back,
    outline_below,
    stands_alone,
)
from backend.agents.synopsis_manager.extraction.shortening import (
    shorter_forms,
)
from backend.agents.synopsis_manager.extraction.weights import worth
from backend.agents.synopsis_manager.page import Line
from backend.agents.text import cues
from backend.agents.text.lead_ins import without_lead_in
from backend.agents.text.words import count_words

# What the author's own outline gains («In this chapter we discuss: …»).
_OUTLINE = 0.05
_BEST_PLACES = 3
_CONTRIBUTION = re.compile(
    r"\b(?:we (?:also |then |further |first |here )?(?:propose|present|introduce|describe|develop|"
    r"study|investigate|release|explore|analy[sz]e|design|offer|address|consider|examine|discuss)|"
    r"(?:this|the|our) (?:research |present |short )?(?:paper|work|article|study|report|thesis) "
    r"(?:also |first )?(?:proposes|presents|introduces|describes|develops|studies|investigates|"
    r"explores|analy[sz]es|offers|addresses|considers|examines|deals|shows)|"
    r"in this (?:paper|work|article|study|chapter)|"
    r"мы (?:предлагаем|представляем|описываем|исследуем|рассматриваем|изучаем|разработали|"
    r"рассмотрим|обсудим|изучим|узнаем|покажем)|"
    r"в (?:этой|данной|настоящей) (?:статье|работе|главе)|"
    r"(?:эта|данная|настоящая) (?:статья|работа|глава) \w+|"
    r"(?:предлагается|предложен|рассматривается|рассматриваются|исследуется|исследуются|"
    r"описывается|описываются|представлен)\w*)\b",
    re.IGNORECASE,
)


def forms_of(place: Place) -> list[Place]:
    """The place as it is but for a lead-in, and what it can be shortened to.

    None if it hangs in the air, and no form that does where the whole sentence doesn't.
    """
    if place.line.kind == "heading":
        return []
    whole = said_as(place, without_lead_in(place.line.text))
    may_lean = leans_back(whole.line)
    shortened = [said_as(place, text) for text in shorter_forms(whole.line.text)]
    upright = [form for form in shortened if may_lean or not leans_back(form.line)]
    return [form for form in [whole, *upright] if stands_alone(form)]


def lines_of_short_text(
    places: Sequence[Place], max_words: int, *, opens_material: bool
) -> list[Line]:
    """The lines to take, in order, each in the form to take it in."""
    forms = [forms_of(place) for place in places]
    scored = features_of_forms(places, forms, opens_material)
    options = [
        _option(index, form, worth(found, "short"))
        for index, place in enumerate(places)
        for form, found in zip(forms[index], scored[index], strict=True)
        if not cues.announces(place.line.text)
    ]
    options += _outlines(places, opens_material)
    chosen = fill(options, max_words, _contribution(options, places))
    if not chosen and options:
        # None fits: better one that is a little too long than none.
        best = sorted(options, key=lambda option: -option.worth)[:_BEST_PLACES]
        chosen = [min(best, key=lambda option: option.words)]
    return [line for form in chosen for line in _lines(form, places)]


def _contribution(options: Sequence[Form], places: Sequence[Place]) -> list[Form]:
    """The forms of the first sentence that says what the text sets out to do, if one does."""
    stated = (index for index, place in enumerate(places) if _CONTRIBUTION.search(place.line.text))
    first = next(stated, -1)
    return [form for form in options if form.places[0] == first and not form.leans_back]


def _option(index: int, form: Place, value: float) -> Form:
    text = form.line.text
    words = count_words(f"{form.line.speaker} {text}")
    return Form((index,), text, value, words, form.stems, leans_back(form.line))


def _outlines(places: Sequence[Place], opens_material: bool) -> list[Form]:
    found = []
    values = [worth(features, "short") for features in features_of(places, opens_material)]
    for index in range(len(places)):
        points = outline_below(places, index)
        if points:
            said = [places[number] for number in (index, *points)]
            text = " ".join(place.line.text for place in said)
            stems = frozenset[str]().union(*(place.stems for place in said))
            words = count_words(text)
            found.append(Form((index, *points), text, values[index] + _OUTLINE, words, stems))
    return found


def _lines(form: Form, places: Sequence[Place]) -> list[Line]:
    if len(form.places) > 1:
        return [places[index].line for index in form.places]
    return [replace(places[form.places[0]].line, text=form.text)]
