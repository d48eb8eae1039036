"""Whether a sentence without a mark at its end asks something, told by how it begins."""

from __future__ import annotations

import re

_LEAD_IN = "(?:(?:so|and|but|or|okay|now|well|then|also|because|так|и|а|но|ну|итак|тогда) )*"
_VERB = (
    "(?:do|does|did|is|are|was|were|can|could|would|will|should|have|has|am|"
    "(?:do|does|did|is|are|was|were|ca|could|would|should|have|has)n't)"
)
_SUBJECT = "(?:you|we|they|i|it|he|she|there|this|that|these|those|your|our|anybody|anyone)"
_ASKS = re.compile(
    rf"{_LEAD_IN}(?:{_VERB} {_SUBJECT}\b"
    rf"|(?:what|how|why|where|who|when|which)(?: \w+){{0,3}} {_VERB} {_SUBJECT}\b"
    r"|(?:what|where|who|how)(?:'s| is| are| about) "
    r"|(?:почему|зачем|сколько|что такое|кто такой|(?:что|где|когда|как) же|\w+ ли)\b)",
    re.IGNORECASE,
)
# What goes on for longer is a question with other sentences after it.
_LONGEST_WORDS = 30


def asks(words: str) -> bool:
    """Of a sentence without punctuation. Questions that begin as statements do aren't known."""
    return bool(_ASKS.match(words.replace("’", "'"))) and words.count(" ") < _LONGEST_WORDS
