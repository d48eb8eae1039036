"""Who speaks: names in front of the turns of a conversation."""

from __future__ import annotations

import re

SPEAKER = re.compile(
    r"\*{0,2}(?P<name>[A-ZА-ЯЁ][\w.'’-]*(?: [\w.'’-]+){0,3})\*{0,2}:\*{0,2}(?:\s+|$)"
)
_FEWEST_TURNS = 6
_TURN_SHARE = 0.3
_CERTAIN_SHARE = 0.9


def speakers_of(text: str) -> frozenset[str]:
    """The names in front of the turns ("Ann: …"), if the text is a conversation at all.

    A turn begins at the margin: indented lines go on with one. Where nearly all that begins there
    is a turn, also those speak who speak once.
    """
    lines = [line for line in text.splitlines() if line[:1].strip()]
    names = [match["name"] for match in map(SPEAKER.match, lines) if match]
    often = frozenset(name for name in set(names) if names.count(name) > 1)
    turns = sum(name in often for name in names)
    if turns < _FEWEST_TURNS or turns < _TURN_SHARE * len(lines) or len(often) < 2:
        return frozenset()
    return frozenset(names) if len(names) >= _CERTAIN_SHARE * len(lines) else often
