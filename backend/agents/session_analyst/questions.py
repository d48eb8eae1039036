"""The questions to choose from: what the survey asked, and a gap to fill where that is too few."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from backend.agents.session_analyst.session import TopicGroup
from backend.agents.survey.asking_lines import LEANS, is_plain_statement
from backend.agents.survey.grouping import title_of
from backend.agents.survey.telling import tells_something
from backend.agents.survey.topics import Question, Topic
from backend.agents.synopsis_manager.extraction.naming import (
    ADJECTIVES,
    may_be_noun,
    nouns_of,
    says_little,
)
from backend.agents.synopsis_manager.extraction.nominative import is_adjective, is_russian
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.cues import closed
from backend.agents.text.words import WORD, content_stems, stop_words

COUNT = 10
_FILL_IN = {"ru": "Какое слово пропущено: «{}»", "en": "Which word is missing: “{}”"}
_BLANK = "____"
# Of fewer words it is guesswork: «Есть два основных подхода к ____».
_FEWEST_WORDS = 8
# Adverbs and verbs, by their endings: what is asked for names a thing.
_NAME = re.compile(r"(?:[A-ZА-ЯЁ][\w’'-]*[ \t]+)+[A-ZА-ЯЁ][\w’'-]*")
_IN_CODE = re.compile(r"\w+(?=::|\(|[._]\w)|(?<=::)\w+|(?<=\w[._])\w+")
_NO_NAME = re.compile(r".*(?:ly|ing|ed|но|ть|ся|тся)$", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """A question, and the topic of the report that it belongs to."""

    question: Question
    topic: str
    place: int


def choices(groups: Sequence[TopicGroup], language: str) -> list[Choice]:
    """All questions there are, by topic; with gaps to fill in if they are fewer than ten."""
    asked: dict[str, Choice] = {}
    for place, group in enumerate(groups):
        for question in (question for topic in group for question in topic.questions):
            asked.setdefault(question.question, Choice(question, title_of(group), place))
    found = list(asked.values())
    if len(found) >= COUNT:
        return found
    to_fill_in = _to_fill_in(groups, language)
    return [*found, *(to_fill_in[i] for i in spread([c.place for c in to_fill_in], COUNT))]


def spread(topics: Sequence[int], count: int) -> list[int]:
    """The places of up to `count` questions, given the topic of each: of every topic one, then of
    every topic a second, and so on."""
    turns: Counter[int] = Counter()
    ranked = []
    for place, topic in enumerate(topics):
        turns[topic] += 1
        ranked.append((turns[topic], topic, place))
    return sorted(place for _, _, place in sorted(ranked)[:count])


def _to_fill_in(groups: Sequence[TopicGroup], language: str) -> list[Choice]:
    """Sentences without the word that their topic uses most."""
    form = _FILL_IN.get(language, _FILL_IN["en"])
    return [
        Choice(_blanked(unit, word, form), title_of(group), place)
        for place, group in enumerate(groups)
        for topic in group
        for unit, word in _telling(topic)
    ]


def _blanked(unit: Unit, word: str, form: str) -> Question:
    said = closed(unit.text)
    blanked = re.sub(rf"\b{re.escape(word)}\b", _BLANK, said, count=1)
    answer = f"{word[:1].upper()}{word[1:]}. {said}"
    return Question(form.format(blanked), answer, (unit,))


def _telling(topic: Topic) -> list[tuple[Unit, str]]:
    """The sentences whose words the topic uses most, each with the word to leave out; short ones,
    and those that lean on their neighbours, come last."""
    often = Counter(content_stems(topic.text))
    nouns = set(nouns_of(topic.text))
    asked = {unit.number for question in topic.questions for unit in question.units}
    usable = [
        unit
        for unit in topic.units
        if unit.kind not in ("code", "heading")
        and is_plain_statement(unit.text)
        and tells_something(unit.text)
    ]
    new = [unit for unit in usable if unit.number not in asked]
    told = [(unit, word) for unit in new if (word := _telling_word(unit.text, often, nouns))]

    def rank(unit: Unit) -> tuple[bool, float]:
        worth = sum(often[stem] for stem in set(content_stems(unit.text))) / unit.words
        tells_little = unit.words < _FEWEST_WORDS or LEANS.search(unit.text)
        return bool(tells_little), -worth

    return sorted(told, key=lambda one: rank(one[0]))[:COUNT]


def _telling_word(sentence: str, often: Counter[str], nouns: Set[str]) -> str:
    """It isn't the first, stands there once, and comes up in the topic again. It names a thing: no
    half of a name («Hugging ____») or of code ("____::sleep"), no adjective, nothing that goes in
    any sentence («в XVIII ____»), in English what is somewhere used as a noun."""
    found = WORD.findall(sentence)
    in_code = set(_IN_CODE.findall(sentence))
    halves = {word for pair in _NAME.findall(sentence) for word in pair.split()}
    usable = [
        word
        for word in found[1:]
        if len(word) > 3
        and word.lower() not in stop_words()
        and found.count(word) == 1
        and not _NO_NAME.match(word)
        and word not in halves
        and word.lower() not in ADJECTIVES
        and not says_little(word)
        and not (is_russian(word) and (is_adjective(word) or not may_be_noun(word)))
        and word not in in_code
        and (not word.isascii() or word[:1].isupper() or set(content_stems(word)) <= nouns)
    ]
    counts = {word: sum(often[stem] for stem in content_stems(word)) for word in usable}
    best = max(usable, key=lambda word: counts[word], default="")
    return best if best and counts[best] > 1 else ""
