"""Where a border was missed in unpunctuated speech: two sentences or speakers in one piece."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Somebody else speaks, a question or a request begins.
_INTERRUPTION = re.compile(
    r"\s(?:yeah|okay|gotcha|wow|yup|yep|hey|thanks|thank you|welcome|absolutely|exactly|awesome|"
    r"(?:how|what|where|why) (?:do|does|did|is|are|can|would) (?:you|we|they|i|it|he|she|the|"
    r"that|this)|(?:could|can|would) you|tell (?:us|me)|how['’]s|is there|are there|you know when|"
    r"(?:and|but|so) (?:because|when|if|as|what|where|like|maybe it['’]s)|"
    r"unpack|correct|love it|(?:isn|didn|doesn|don|aren|wasn)['’]t (?:it|they|you|he|she|just)|"
    r"спасибо|пожалуйста|почему же|что такое|(?:и|но) (?:если|когда|поскольку))\b"
    r"|\s\S+\s(?!and|but|so|or|think|then)\S+\smaybe (?:it|we|you|they|I|that|this)\b"
    r"|\S+\s\S+\s(?:давайте|вернитесь|посмотрите|посмотрим|обратите|рассмотрим|представьте|"
    r"представим)\b",
    re.IGNORECASE,
)
_OPENS_CLAUSE = frozenset(
    "it's that's there's i'm he's she's you're we're they're i've we've you've they've i'd we'd "
    "they'd you'd i'll we'll you'll they'll i we they he she".split()
)
# These are objects as well: "we send it again".
_MAY_OPEN = frozenset("it you there this".split())
_FINITE = frozenset(
    "is are was were am isn't aren't wasn't weren't will would can could should might may must "
    "won't wouldn't can't couldn't shouldn't has hasn't it's that's there's i'm he's she's you're "
    "we're they're i'll we'll you'll they'll".split()
)
_JOINS = frozenset(
    "and but or that which who if when because what how where why as than so whether while since "
    "although though until unless like whatever whenever wherever once before after".split()
)
# What a clause may follow without a border: "I think it's", "the thing is it's", "the way we".
_TAKES_CLAUSE = _JOINS | frozenset(
    "think thinking thought say says said saying know knew knows guess believe mean means hope "
    "feel felt sure see saw seen find found realize realized tell told is then glad "
    "afraid wish bet suppose everything anything something all way time thing things reason".split()
)
_RU_SUBJECTS = frozenset("я мы вы он она они".split())
_RU_JOINS = frozenset(
    "и а но или что чтобы как когда если где то хотя пока так потому поскольку поэтому чем кто "
    "куда откуда сколько почему зачем либо однако причем причём ли раз пусть".split()
)
_FIRST, _NEAR_WORDS = 3, 3


def has_interruption(said: str) -> bool:
    """Whether another speaker's word, a question or a request stands inside."""
    return bool(_INTERRUPTION.search(said))


def has_next_clause(said: str) -> bool:
    """Whether a clause is inside that nothing joins: "it makes sense it's interesting"."""
    words = [word.strip(".?!…,").replace("’", "'") for word in said.lower().split()]
    verbs = sum(
        word in _FINITE and (index == 0 or words[index - 1] not in _FINITE)
        for index, word in enumerate(words)
    )
    if verbs > 1 + sum(word in _JOINS for word in words):
        return True
    return any(_begins_anew(words, index) for index in range(1, len(words) - 1))


def _begins_anew(words: Sequence[str], index: int) -> bool:
    word, before = words[index], words[index - 1]
    if word in _RU_SUBJECTS:
        near = words[max(0, index - _NEAR_WORDS) : index]
        joined = any(one in _RU_JOINS or one.startswith("котор") for one in near)
        return index >= _FIRST and not joined
    opens = word in _OPENS_CLAUSE or (word in _MAY_OPEN and words[index + 1] in _FINITE)
    return opens and before not in _TAKES_CLAUSE and index >= _FIRST - 1
