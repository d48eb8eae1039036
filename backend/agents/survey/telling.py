"""Whether a sentence tells something of the subject, and does so by itself."""

from __future__ import annotations

import re

from backend.agents.text import cues
from backend.agents.text.questions import asks
from backend.agents.text.speech import breaks_off
from backend.agents.text.words import content_stems, count_words

# Who says "I" tells of himself; a "we" may be all of us.
_OWN_STORY = re.compile(
    r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|mine|myself|я|мне|меня|мной|мой|моя|моё|мое|мои|моей|моего|"
    r"моих|моему|лично)\b",
    re.IGNORECASE,
)
# The speaker by another name: «Меня зовут Анна, инженер в …» goes on with these.
_OF_A_PERSON = re.compile(
    r"\b(?:you (?:just|guys|said|mentioned|asked|told|mean)|that['’]s right|join (?:us|our)|"
    r"we(?:['’]re| are) (?:all )?(?:gonna|going to)|"
    r"мы (?:\w+ )?\w+(?:[еиё]мся|[ую]чим)|вас|вам|вами|"
    r"always a pleasure|nice to (?:meet|see)|"
    r"thanks|thank you|on the (?:show|podcast)|приятно|рад[аы]? (?:вас|быть))\b",
    re.IGNORECASE,
)
_HANGS_ON = re.compile(
    r"(?:with|of|than|what|which|who|quite|maybe|probably|perhaps|see|because|cause|"
    r"может быть|наверное|видимо)\b",
    re.IGNORECASE,
)
_TRAILS_OFF = re.compile(r"(?:\.\.\.|…|—|–|\bor whatever\.?)[\"'”»)]*\.?$")
_FEWEST_WORDS, _FEWEST_STEMS = 5, 3


def is_own_story(sentence: str) -> bool:
    """Whether it speaks of the speaker or to the other one."""
    return bool(_OWN_STORY.search(sentence) or _OF_A_PERSON.search(sentence))


def tells_something(sentence: str) -> bool:
    """Whether it is whole, no question, nothing in passing and not about who says it."""
    is_aside = cues.is_question(sentence) or cues.is_chatter(sentence) or cues.announces(sentence)
    is_whole = not breaks_off(sentence) and not _TRAILS_OFF.search(sentence)
    says_enough = (
        count_words(sentence) >= _FEWEST_WORDS and len(content_stems(sentence)) >= _FEWEST_STEMS
    )
    return (
        says_enough
        and is_whole
        and not is_aside
        and not _leans_on_others(sentence)
        and not is_own_story(sentence)
    )


def _leans_on_others(sentence: str) -> bool:
    """Whether it goes on with, hangs on or asks for what others say."""
    begins_within_a_word = sentence.startswith(("'", "’"))
    hangs_on = begins_within_a_word or _HANGS_ON.match(sentence) is not None
    return hangs_on or cues.points_back(sentence) or asks(sentence)
