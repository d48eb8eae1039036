"""Which pieces of unpunctuated speech are no whole sentences: they were cut by likelihood."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backend.agents.text.speech import breaks_off

# Punctuated prose has a comma every dozen words.
_FEWEST_WORDS, _WORDS_PER_COMMA = 80, 100
_SUBORDINATE = re.compile(
    r"(?:if|when|while|before|after|because|although|until|unless|whenever|as|to|in order to|"
    r"если|когда|хотя|пока|поскольку|чтобы)\s",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:I|we|you|they|he|she|it|there|that's|what|let's|я|мы|вы|ты|он|она|оно|они|это|можно|"
    r"нужно|надо)\b",
    re.IGNORECASE,
)
_CLAUSES_SUBJECTS = 2
# Somebody else speaks, or a question begins: a border was missed there.
_RUNS_ON = re.compile(
    r"\s(?:yeah|okay|gotcha|wow|yup|yep|hey|thanks|thank you|welcome|absolutely|exactly|"
    r"(?:how|what|where|why) (?:do|does|did|is|are|can|would) (?:you|we|they|i|it|he|she|the|"
    r"that|this)|(?:could|can|would) you|tell (?:us|me)|спасибо|пожалуйста|почему же|что такое)\b",
    re.IGNORECASE,
)
_LONGEST_WORDS = 30
_HANGS_ON = re.compile(
    r"(?:that|which|who|whom|whose|than|of|or|into|onto|am|is|are|was|were|have|has|had|been|being|"
    r"который|которая|которое|которые|которого|которой|которых|чем|нежели|либо|или|ли|же|бы)\s",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"\b(?:i|we|they|he|she|am|is|are|was|were|be|been|can|could|will|would|should|must|may|might|"
    r"have|has|had|do|does|did|just|very|how|when|where|if|this|these|those|who|which|what|as|by|"
    r"at|on|into|about|for|in|у|за|из|по|при|над|под|без|как|если|когда|где|который|которая|"
    r"которое|которые|этот|эта|эти|не|очень|является|являются)\s*[.?!…]*$",
    re.IGNORECASE,
)


def is_unmarked(texts: Iterable[str]) -> bool:
    """Whether sentences come from a transcript without punctuation."""
    words = commas = 0
    for text in texts:
        words += text.count(" ") + 1
        commas += text.count(",")
    return words >= _FEWEST_WORDS and commas * _WORDS_PER_COMMA < words


def is_half(said: str) -> bool:
    """Whether a piece of such a transcript can't stand alone: it lacks its other half, or has more
    than one sentence in it."""
    if breaks_off(said) or _HANGS_ON.match(said) or _OPEN_END.search(said):
        return True
    if said.count(" ") >= _LONGEST_WORDS or _RUNS_ON.search(said):
        return True
    subjects = len(_SUBJECT.findall(said))
    return bool(_SUBORDINATE.match(said)) and subjects < _CLAUSES_SUBJECTS
