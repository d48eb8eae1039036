"""Says a spoken sentence without the words that only keep the talk going.

Words go, none is added or changed. What limits a claim (probably, maybe, a bit, not really) stays.
"""

from __future__ import annotations

import re

from backend.agents.text.lead_ins import without_spoken_lead_ins

_OWN_VIEW = re.compile(r"^i think(?: that)?,?\s+(?=(?:it|we|they|there|that|this|the|you)\b)", re.I)
_ASIDE = re.compile(
    r",?\s*(?<![\w'’-])(?:basically|actually|obviously|i mean|you know|y know|"
    r"or something like that|or whatever|and stuff like that|and things like that|"
    r"собственно говоря|грубо говоря|так сказать)(?![\w'’-])(?:,(?=\s))?",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\b(?:not|never|do|does|did|if|as|что|не)|n['’]t)\s*$", re.IGNORECASE)
_FEWEST_LEFT = 3


def terse(said: str) -> str:
    """The sentence without lead-ins and asides, or as it is if hardly anything would be left.

    "I think" goes where a claim follows: notes tell who says it.
    """
    bare = _OWN_VIEW.sub("", without_spoken_lead_ins(said))
    bare = _ASIDE.sub(lambda aside: _kept_or_gone(aside, bare), bare)
    bare = re.sub(r"[\s,]+([,.;:!?…])", r"\1", " ".join(bare.split())).lstrip(" ,")
    if len(bare.split()) < _FEWEST_LEFT:
        return said
    return bare[:1].upper() + bare[1:]


def _kept_or_gone(aside: re.Match[str], said: str) -> str:
    """ "Not basically", "do you know": there it is no aside."""
    return aside[0] if _DENIED.search(said[: aside.start()]) else ""
