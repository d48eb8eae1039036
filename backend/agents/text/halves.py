"""Which pieces of unpunctuated speech are no whole sentences: they were cut by likelihood."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backend.agents.text.run_ons import has_interruption, has_next_clause
from backend.agents.text.speech import breaks_off

# Punctuated prose has a comma every dozen words.
_FEWEST_WORDS, _WORDS_PER_COMMA = 80, 100
_SUBORDINATE = re.compile(
    r"(?:(?:I think|you know|now|so|then|just|теперь|но|и|а|поэтому) )?"
    r"(?:if|when|while|before|after|because|since|although|until|unless|whenever|as|to|in order to|"
    r"если|когда|хотя|пока|поскольку|чтобы|так как)\s",
    re.IGNORECASE,
)
# Behind a clause like that: what begins the main one. A conjunction before it would go on with
# the same clause.
_MAIN_CLAUSE = re.compile(
    r"(?:\S+ ){2,}(?!(?:and|or|but|that|which|who|what|how|when|where|if|because|и|или|а|что|"
    r"который|которая|которые|как|когда|если) )\S+ (?:(?:then|то|тогда)\s+\S|"
    r"(?:I|we|you|they|he|she|it|there|this|that|these|those) (?:can|could|will|would|should|must|"
    r"may|might|am|is|are|was|were|have|has|had|do|does|did|need|want|get|go|see|use|make|know)\b|"
    r"(?:I|we|you|they|he|she|it|there|that|this)['’](?:ll|re|ve|d|m|s)\b|let['’]s\b|"
    r"(?:я|мы|вы|он|она|они|это|то|можно|нужно|надо|необходимо|давайте) \S)",
    re.IGNORECASE,
)
# "I taking maybe only 50".
_LOST_VERB = re.compile(r"\b(?:I|we|they|he|she) (?!bring|sing)[a-z]+ing\b", re.IGNORECASE)
# "I think is part of it", "I think it's and I can", "I hate to cause call it": words are missing.
_GAP = re.compile(
    r"\b(?:think|guess|mean) (?:is|are|was|were)\b|['’](?:s|re|m) (?:and|or|but)\b|"
    r"\b(?:to|the|an?|of) (?:cause|because|and|but|or)\b",
    re.IGNORECASE,
)
# What follows must say something: "that means that from a sequence".
_REASON = re.compile(r".*\b(?:что|because|чтобы) (?P<rest>.*)", re.IGNORECASE)
# "I think at this point", "this is where my host": what is thought, or happens there, is missing.
_SAYS_NOTHING = re.compile(
    r"(?:I|you|we|they) (?:\w+ly )?(?:think|know|mean|guess|believe|say|said|suppose) (?:that )?"
    r"(?:\w+ly )?(?:at|in|on|for|when|with|by|as|to|if|like)\b"
    r"|this is (?:where|when|why|how) \S+(?: \S+){0,4}$|I would say to\b|I suppose except\b"
    r"|I (?:\w+ly )?think (?:that )?(?!(?:that|it|there|this|he|she)['’]s\b|"
    r"(?:I|we|you|they|he|she|it|there|this|that)(?:['’]\w+)? )"
    r"(?!.*\b(?:is|are|was|were|can|could|will|would|should|must|may|might|has|have|had)\b)",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|be|been|have|has|had|do|does|did|can|could|will|would|should|must|may|"
    r"might|let['’]s|\w+['’](?:s|re|ve|d|ll|m|t)|(?:I|we|you|they|he|she|it|there) \w+|"
    r"это|есть|нет|можно|нужно|надо|необходимо|давайте|"
    r"\w+(?:ет|ёт|ит|ут|ют|ат|ят|ем|ём|им|ете|ите|ешь|ишь|ал|ял|ил|ел|ла|ло|ли|ть|ться|тся|лся|лась|"
    r"лось|лись|ен|ена|ено|ены|ан|ана|ано|аны|йте|юсь))\b",
    re.IGNORECASE,
)
_LONGEST_WORDS = 30
_END_MARKS = frozenset(".?!…")
_HANGS_ON = re.compile(
    r"(?:not|that|which|who|whom|whose|than|of|or|into|onto|am|is|are|was|were|have|has|had|been|being|"
    r"который|которая|которое|которые|которого|которой|которых|чем|нежели|либо|или|ли|же|бы)\s",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"\b(?:i|we|they|he|she|am|is|are|was|were|be|been|can|could|will|would|should|must|may|might|"
    r"have|has|had|do|does|did|just|very|how|when|where|if|this|these|those|who|which|what|as|by|"
    r"at|on|into|about|for|in|у|за|из|по|при|над|под|без|как|если|когда|где|который|которая|"
    r"которое|которые|этот|эта|эти|не|очень|является|являются|say|says|wait|actually|basically|"
    r"as best|a (?:big|good|great|new|lot|little)|the other thing|know what|next time|"
    r"over time|never|"
    r"таких|такой|своей|своего|на практике|в частности|к примеру|например|"
    r"(?:and|but|or) (?:on|in|at|by|with|to|just as|as) (?:\w+ )*\w+|"
    r"(?:and|but|or) (?:today|then|now|again|also|maybe)|however|which(?: \w+){1,2}|"
    r"(?:and|but) I['’]m \w+|just as (?:we|I|they|you)(?: \w+){1,2})\s*[.?!…]*$",
    re.IGNORECASE,
)


def is_unmarked(texts: Iterable[str]) -> bool:
    """Whether sentences come from a transcript without punctuation."""
    words = commas = 0
    for text in texts:
        words += text.count(" ") + 1
        commas += text.count(",")
    return words >= _FEWEST_WORDS and commas * _WORDS_PER_COMMA < words


def is_open(said: str) -> bool:
    """Whether a piece of such a transcript got no end mark, since it isn't surely whole."""
    return said.rstrip("\"'»”’)")[-1:] not in _END_MARKS


def is_half(said: str) -> bool:
    """Whether a piece of such a transcript can't stand alone: it lacks its other half, or has more
    than one sentence in it."""
    if breaks_off(said) or _HANGS_ON.match(said) or _OPEN_END.search(said):
        return True
    if said.count(" ") >= _LONGEST_WORDS or has_interruption(said):
        return True
    if _lacks_words(said):
        return True
    hanging = _SUBORDINATE.match(said)
    if hanging is not None:
        return not _MAIN_CLAUSE.match(said, hanging.end())
    return has_next_clause(said)


def _lacks_words(said: str) -> bool:
    """Whether a verb is missing, or what somebody thinks, or why."""
    if _LOST_VERB.search(said) or _GAP.search(said) or _SAYS_NOTHING.match(said):
        return True
    reason = _REASON.match(said)
    return not _VERB.search(reason["rest"] if reason is not None else said)
