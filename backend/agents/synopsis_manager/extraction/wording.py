"""What the wording of a sentence tells about its place in notes."""

from __future__ import annotations

import re

from backend.agents.text import cues

_LOST_WORD = re.compile(r"(?<!\S)\?{4,}")
_REFERS = re.compile(
    r"\b(?:листинг\w*|рис(?:унок|унке|унка|\.)|таблиц\w+ \d|(?:listing|figure|fig\.|table) \d)",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"\d{1,2} [A-ZА-ЯЁ]")
_DIALOGUE = re.compile(r"[–—-]\s")
_WEIGHTY = re.compile(
    r"\b(?:important|importantly|key|main|must|in (?:summary|short|conclusion)|to summari[sz]e|"
    r"the (?:goal|purpose|idea|reason|problem|result|rule|advantage|disadvantage|difference)|"
    r"because|means that|allows?|ensures?|requires?|decided|agreed|action|deadline|conclusion|"
    r"важн\w+|главн\w+|основн\w+|ключев\w+|должн\w+|цель|задача|причин\w+|итог\w*|вывод\w*|"
    r"поскольку|потому что|так как|позволя\w+|обеспечива\w+|требу\w+|решили|следует|"
    r"преимуществ\w+|недостат\w+|отлича\w+|заключается|состоит)\b",
    re.IGNORECASE,
)
_CAVEAT = re.compile(
    r"(?:note(?: that)?|important|warning|caution|remember|keep in mind|beware|attention|"
    r"внимание|важно|примечание|обратите внимание|заметим|заметьте|помните|осторожно|учтите|"
    r"следует (?:помнить|учитывать|заметить|отметить)|имейте в виду|стоит (?:помнить|отметить))"
    r"(?=[\s,:!—-])",
    re.IGNORECASE,
)
_CAVEAT_LABEL = re.compile(
    r"(?:note|important|warning|caution|attention|внимание|важно|примечание)\s*[:!—-]+\s*", re.I
)
_PURPOSE = re.compile(
    r"\b(?:this (?:research|short|technical|survey|position) (?:paper|article|report)|"
    r"(?:this|the|our) (?:document|article|paper|pep|proposal|chapter|section|module|work|"
    r"guide|book|tutorial|lecture|talk|meeting)|in this (?:paper|work|article|chapter)|"
    r"we (?:propose|present|introduce|show|describe|demonstrate|develop|study|investigate|prove|"
    r"find)|proposes?|introduces?|"
    r"в (?:этой|данной|этом|данном) (?:главе|статье|документе|разделе|книге|лекции|работе|"
    r"руководстве)|(?:эта|данная|настоящая|настоящий|этот|данный) (?:глава|статья|документ|книга|"
    r"работа|раздел|руководство|пособие|лекция)|мы (?:рассмотрим|обсудим|изучим|узнаем|реализуем|"
    r"покажем|разбер[её]м|предлагаем)|вы (?:узнаете|изучите|познакомитесь|научитесь)|описыва\w+|"
    r"рассматрива\w+|рассказыва\w+|посвящ\w+|предназначен\w*)\b",
    re.IGNORECASE,
)


def has_lost_words(sentence: str) -> bool:
    """Whether some earlier program wrote question marks for letters that it didn't know."""
    return _LOST_WORD.search(sentence) is not None


def refers_elsewhere(sentence: str) -> bool:
    """Whether it speaks of a figure, table or listing that a reader of notes doesn't see."""
    return bool(_REFERS.search(sentence))


def tells_purpose(sentence: str) -> bool:
    """Whether it says what the whole is for or about ("This paper…", «В этой главе…»)."""
    return bool(_PURPOSE.search(sentence))


def is_weighty(sentence: str) -> bool:
    """Whether it gives a reason, a goal, a rule, a result."""
    return bool(_WEIGHTY.search(sentence))


def is_caveat(sentence: str) -> bool:
    return bool(_CAVEAT.match(sentence))


def without_label(sentence: str) -> str:
    """A caveat without its "Note:"."""
    rest = _CAVEAT_LABEL.sub("", sentence, count=1) if _CAVEAT_LABEL.match(sentence) else sentence
    return rest[:1].upper() + rest[1:]


def weight(sentence: str) -> float:
    """What the wording adds to a sentence's score, from -0.6 to 0.25."""
    value = 0.0
    if cues.is_question(sentence):
        value -= 0.35
    if cues.is_small_talk(sentence):
        value -= 0.25
    if cues.holds_address(sentence) or cues.is_list_of_names(sentence):
        value -= 0.3
    if _FOOTNOTE.match(sentence) or _DIALOGUE.match(sentence):
        value -= 0.2
    if cues.is_example(sentence) or sentence.startswith("("):
        value -= 0.15
    if is_weighty(sentence):
        value += 0.12
    if is_caveat(sentence):
        value += 0.15
    return max(-0.6, min(0.25, value))
