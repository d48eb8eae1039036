"""Words that only lead in to a sentence: one list, for what is written and for what is said."""

from __future__ import annotations

import re

# Said with a comma or without.
_EITHER = "итак|кстати"
_WRITTEN = (
    r"(?:in (?:this|the present|our) (?:paper|work|article|study|report|thesis|post|note),? "
    r"(?=we |i )|"
    r"to \w+ (?:this|these)(?: \w+){0,2},? (?=we )|"
    r"(?:however|moreover|furthermore|further|additionally|in addition|specifically|"
    r"more specifically|in particular|to (?:this|that) end|"
    r"to (?:do|address|achieve|make|solve|tackle|overcome) (?:this|these|it)(?: \w+)?|finally|"
    r"lastly|first|firstly|second|secondly|third|next|then|hence|thus|therefore|consequently|"
    r"accordingly|as a result|notably|importantly|interestingly|surprisingly|indeed|in fact|"
    r"nevertheless|nonetheless|for this (?:purpose|reason)|overall|in summary|in conclusion|"
    r"to summari[sz]e|to conclude|by contrast|in contrast|similarly|likewise|analogously|also|"
    r"of course|"
    r"таким образом|при этом|однако|кроме того|более того|помимо этого|в частности|впрочем|"
    r"наконец|во-(?:первых|вторых|третьих)|к счастью|к сожалению|конечно|разумеется|"
    r"как (?:уже )?(?:упоминалось|говорилось|отмечалось|было сказано)(?: ранее| выше)?|"
    r"как (?:видно|вы видите|мы видели)|прежде всего|следовательно|соответственно|"
    r"тем не менее|в итоге|в результате|иными словами|другими словами|"
    rf"{_EITHER}), )"
)
# Speakers leave out the comma. "So far", "so that", "well known", "now that" begin something else.
_SPOKEN = (
    r"(?:(?:so|now)\b,?\s+(?!(?:that|far|much|many|long|as)\b)|"
    r"(?:and then|and|but|well|okay|ok|anyway|basically|actually|obviously|i mean|you know|y know|"
    r"as i said|like i said|ну|вот|значит|короче|собственно|"
    rf"{_EITHER}|"
    r"как я (?:уже )?говорил[аи]?)\b,?\s+(?!(?:known|что|как)\b))"
)
_WRITTEN_ONE = re.compile(_WRITTEN, re.IGNORECASE)
_SPOKEN_ONES = re.compile(rf"^(?:{_SPOKEN}|{_WRITTEN})+", re.IGNORECASE)


def without_lead_in(sentence: str) -> str:
    """The sentence without a first "However," or "In this paper,"."""
    match = _WRITTEN_ONE.match(sentence)
    return _capital(sentence[match.end() :]) if match else _capital(sentence)


def without_spoken_lead_ins(said: str) -> str:
    """What is said without any first "So", "and then", «ну вот», "However,"."""
    return _SPOKEN_ONES.sub("", said)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
