"""The words of a text that name things, alone and in pairs, and how a reader sees them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from backend.agents.synopsis_manager.extraction.nominative import (
    agrees,
    is_genitive,
    is_russian,
    nominative,
    tells_nominative,
)
from backend.agents.text import cues
from backend.agents.text.words import content_stems, stop_words, words
from backend.domain.stemming import stem

_TITLE_WORD = re.compile(r"[^\W\d_][\w’'-]*$")
# A heading names things. Without a dictionary, the endings of verbs, adverbs and adjectives.
_NO_NAME = re.compile(
    r".*(?:ing|ed|ly|ful|ous|ive|able|ible"
    r"|ть|ться|тся|ет|ют|ут|ит|ат|ят|ешь|ишь|ете|ите|ал|ала|али|ил|ила|или|ел|ела|ели|ую|аю|яю|ею|"
    r"ый|ий|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ых|их|ым|им|ыми|ими|ую|юю|но|ше|ски|ена|ено|ены|ан|ано|"
    r"аны|ят|ься|лся|лась|лись|емся|имся|тесь|уем|уя|шло|шла|шли)$",
    re.IGNORECASE,
)
_SAYS_LITTLE = frozenset(
    "bit dunno cool love mind time day week year guy guys hand end top bottom kind part piece "
    "course sense idea question answer example wrong fun chat show today talk couple goodness god "
    "minute minutes stuff gonna yep mm tu "
    "раз век часть вид день время человек вопрос ответ пример слово случай образ конец начало "
    "дело место люди жизнь деньги глаз рука час минута секунда помощь качество количество число "
    "ряд основа счёт отличие сторона течение мера сила очередь жалко легко далеко "
    "мало много вместо вместе вне среди весьма гораздо итак слева справа обе полностью "
    "должен четырех трёх трех двух англ".split()
)
# Adjectives that end as nouns do, or as nothing in particular: "the bigger", "works fine".
ADJECTIVES = frozenset(
    "bigger smaller larger better worse higher lower cheaper faster slower easier harder longer "
    "shorter older younger earlier later newer stronger weaker deeper closer further simpler wider "
    "lighter heavier richer other former latter proper super whatever clever inner outer upper "
    "fine nice good great bad new old big small large different same important possible available "
    "easy hard ready free full clear whole sure able high low long short late early young strong "
    "weak simple cheap fast slow wrong cool true false real main huge little".split()
)
# They name a thing of any kind: alone, or two of them, they don't tell what is spoken of.
_GENERAL = frozenset(
    "project file system tool human image function question text program user value number case "
    "process problem purpose point word page situation reason environment opportunity experience "
    "difference challenge technology industry organization leader hour thousand million customer "
    "information company object information space type code error result return "
    "pound euro dollar model software "
    "текст слово страница файл программа вход выход модель задача язык система объект метод "
    "процесс смысл информация вещь термин свойство работа результат пример компания команда "
    "инженер курс программист функция способ проблема ситуация основа решение структура уровень "
    "средство".split()
)
_NUMERALS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fifteen sixteen seventeen "
    "eighteen twenty thirty forty fifty sixty hundred".split()
)
_AFTER_A_VERB = frozenset("a an the this these those it them him us you your my our to".split())
# They end as verbs do.
_NAMES_ALL_THE_SAME = frozenset("модели цели недели детали мысли сети памяти части".split())
# An English word that stands alone in a heading must look like a noun.
_ENGLISH_NOUN = re.compile(
    r"[A-Z].*|.*(?:tion|sion|ment|ness|ity|ism|ist|ance|ence|ware|age|ology|graphy|er|or|ry|[^s]s)$"
)
_BEFORE_A_NOUN = frozenset(
    "a an the this that these those our your my his her its their of for with from about no "
    "each every any some more many which between".split()
)
_BARE = re.compile(r"[бвгджзклмнпрстфхцчшщ]$")
# A verb stands once after "with" or "for" by chance: "with sleeps".
_FEWEST_AS_NOUN = 2

Key = tuple[str, ...]


@dataclass
class Terms:
    """What lines name: how often, and how it was written, by stems."""

    counts: Counter[Key] = field(default_factory=Counter)
    written: dict[Key, Counter[str]] = field(default_factory=dict)
    nouns: Counter[str] = field(default_factory=Counter)
    openers: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        self.openers.update(word.lower() for word in words(text)[:1])
        self.nouns.update(nouns_of(text))
        for key, written in terms_of(text):
            self.counts[key] += 1
            self.written.setdefault(key, Counter())[written] += 1


def shown_term(key: Key, terms: Terms) -> str:
    """The term as a reader sees it, in Russian in the nominative."""
    forms = terms.written[key]
    written = forms.most_common(1)[0][0]
    if len(key) == 1:
        return nominative(forms) if is_russian(written) else written
    first, _, second = written.partition(" ")
    if not is_russian(first) or agrees(first, second):
        return written
    return f"{nominative(terms.written[key[:1]])} {second}"


def can_stand(key: Key, terms: Terms) -> bool:
    """Whether it names something by itself."""
    written = terms.written
    form = written[key].most_common(1)[0][0]
    if is_russian(form):
        return tells_nominative(written[key]) or _is_subject(written[key], terms)
    if is_russian(form.partition(" ")[0]) and not agrees(*form.split(" ", 1)):
        return key[:1] in written and tells_nominative(written[key[:1]])
    is_noun = bool(_ENGLISH_NOUN.match(form)) and (
        form[:1].isupper() or terms.nouns[key[0]] >= _FEWEST_AS_NOUN
    )
    return len(key) > 1 or is_noun


def is_general(key: Key) -> bool:
    """Whether its words could head anything."""
    return _general_stems().issuperset(key)


@cache
def _general_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _GENERAL | ADJECTIVES)


def _is_subject(forms: Counter[str], terms: Terms) -> bool:
    """Whether the form that would be shown opens a sentence without any ending: «Кодер читает»."""
    shown = nominative(forms).lower()
    return bool(terms.openers[shown]) and bool(_BARE.search(shown))


def nouns_of(text: str) -> list[str]:
    """The stem of each English word that stands after an article or the like."""
    found = words(text)
    return [
        stem(word.lower()) for before, word in pairwise(found) if before.lower() in _BEFORE_A_NOUN
    ]


def terms_of(text: str) -> list[tuple[Key, str]]:
    """Words that name things, alone and as pairs: (stems, as written)."""
    written = [(word, content_stems(word)) for word in words(text)]
    terms: list[tuple[Key, str]] = []
    for index, (word, stems) in enumerate(written):
        if len(stems) != 1 or len(word) < 3 or not _TITLE_WORD.match(word):
            continue
        is_noun = not _NO_NAME.match(word) and word.lower() not in ADJECTIVES
        if is_noun and not _says_little(word, stems[0]):
            terms.append(((stems[0],), word if index else word.lower()))
        following, next_stems = written[index + 1] if index + 1 < len(written) else ("", [])
        pair = f"{word} {following}"
        if _is_verb(following, written[index + 2 : index + 3]):
            continue
        if len(next_stems) == 1 and pair in text and _is_pair(word, following, stems, next_stems):
            terms.append(((stems[0], next_stems[0]), pair if index else _lower_first(pair)))
    return terms


def _is_verb(word: str, after: Sequence[tuple[str, list[str]]]) -> bool:
    """ "The display requires a chip": a noun in the plural has no article after it."""
    return word.endswith("s") and any(other.lower() in _AFTER_A_VERB for other, _ in after)


def _is_pair(word: str, following: str, stems: list[str], next_stems: list[str]) -> bool:
    if len(following) < 3 or stems == next_stems or _says_little(following, next_stems[0]):
        return False
    if word.lower() in _NUMERALS:
        return False
    if is_russian(word) or is_russian(following):
        is_name = may_be_noun(following)
        is_owned = _may_name(word) and not _says_little(word, stems[0])
        return is_name and (agrees(word, following) or (is_owned and is_genitive(following)))
    return _may_name(following) and not cues.is_small_talk(f"{word} {following}")


def may_be_noun(word: str) -> bool:
    """Whether nothing about the word shows that it is a verb, an adverb or an adjective."""
    return _may_name(word) or word.lower().endswith(("ние", "тие"))


def _may_name(word: str) -> bool:
    lower = word.lower()
    return lower in _NAMES_ALL_THE_SAME or (lower not in ADJECTIVES and not _NO_NAME.match(word))


def says_little(word: str) -> bool:
    """Whether the word goes in any sentence and is no subject of one."""
    return _says_little(word, stem(word.lower()))


def _says_little(word: str, its_stem: str) -> bool:
    return word.lower() in _SAYS_LITTLE or its_stem in _empty_stems()


@cache
def _empty_stems() -> frozenset[str]:
    """Their forms say no more: «помощью», «людей»."""
    words = (word for word in _SAYS_LITTLE | stop_words() if is_russian(word) and len(word) > 3)
    return frozenset(map(stem, words)) | {"люд", "час", "раз", "век"}


def _lower_first(pair: str) -> str:
    first, _, rest = pair.partition(" ")
    return pair if rest[:1].isupper() else f"{first.lower()} {rest}"
