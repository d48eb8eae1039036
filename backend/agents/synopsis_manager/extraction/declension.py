"""How a Russian noun is declined, told by all the forms in which a text has it.

Each declension uses each ending about so often; the one that makes the forms at hand likeliest is
the noun's, unless another comes near. No dictionary.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# Per mille of a noun's occurrences, roughly.
_PLURAL = {"ам": 20, "ами": 30, "ах": 40}
_SOFT_PLURAL = {"ям": 20, "ями": 30, "ях": 40}
_NEVER = 1
# Likelier by this (natural logarithm) or it isn't told.
_CLEARLY = 1.5
# A form that comes ten times is one in one context more often than ten pieces of evidence.
_DAMPED = 0.6
_CONSONANT = re.compile(r"[^аеёиоуыэюяьй]$")


@dataclass(frozen=True)
class _Declension:
    """`stems` is what its stems end in, `only_singular` has the endings that no plural has.

    `endings` begin with the nominative's. `plural` is "" where it would be another case as well.
    `nouns`: so many in a hundred are declined like that.
    """

    nouns: int
    stems: re.Pattern[str]
    endings: dict[str, int]
    plural: str
    only_singular: frozenset[str]

    @property
    def nominative(self) -> str:
        return next(iter(self.endings))

    def likelihood(self, written: Counter[str], stem: str) -> float:
        """The logarithm of how likely it gives a noun of this stem these forms."""
        return math.log(self.nouns / 100) + sum(
            math.pow(count, _DAMPED) * math.log(self.endings.get(form[len(stem) :], _NEVER) / 1_000)
            for form, count in written.items()
        )


def _declension(
    nouns: int, stems: str, endings: dict[str, int], plural: str, only_singular: str
) -> _Declension:
    singular = frozenset(only_singular.split())
    return _Declension(nouns, re.compile(stems), endings, plural, singular)


def _hard(stems: str, plural: str, instrumental: str, genitive_plural: str) -> list[_Declension]:
    """Masculine, feminine and neuter; plural «ы» or «и», «ом» or «ем», «ов» or «ей»."""
    masculine = {"": 340, "а": 220, plural: 110, genitive_plural: 100, "е": 110, instrumental: 80}
    feminine = {"а": 200, plural: 300, "у": 130, "е": 140, f"{instrumental[0]}й": 90, "": 70}
    neuter = {instrumental[0]: 250, "а": 340, "у": 60, instrumental: 90, "": 70}
    neuter |= {"е": 90} if instrumental == "ом" else {}
    return [
        _declension(35, stems, masculine | {"у": 60} | _PLURAL, plural, f"а у е {instrumental}"),
        _declension(25, stems, feminine | _PLURAL, plural, f"а у е {instrumental[0]}й"),
        _declension(8, stems, neuter | _PLURAL, "", f"о у е {instrumental}"),
    ]


_DECLENSIONS = [
    *_hard(r"[бвдзлмнпрстф]$", "ы", "ом", "ов"),
    *_hard(r"[гкх]$", "и", "ом", "ов"),
    *_hard(r"[жшчщ]$", "и", "ем", "ей"),
    *_hard(r"ц$", "ы", "ем", "ев"),
    _declension(  # уровень
        6,
        _CONSONANT.pattern,
        {"ь": 300, "я": 220, "и": 150, "ей": 100, "е": 100, "ем": 80, "ю": 60} | _SOFT_PLURAL,
        "и",
        "ь я ю е ем",
    ),
    _declension(  # случай
        3,
        r"[аеоуэ]$",
        {"й": 300, "я": 220, "и": 150, "ев": 100, "е": 100, "ем": 80, "ю": 60} | _SOFT_PLURAL,
        "и",
        "й я ю е ем",
    ),
    _declension(  # неделя
        4,
        r"[^аеёиоуыэюяй]$",
        {"я": 200, "и": 300, "ю": 130, "е": 150, "ей": 90, "ь": 70} | _SOFT_PLURAL,
        "и",
        "я ю е",
    ),
    _declension(  # сеть
        10,
        _CONSONANT.pattern,
        {"ь": 300, "и": 450, "ью": 100, "ей": 70} | _SOFT_PLURAL,
        "и",
        "ь ью",
    ),
    _declension(  # функция
        10,
        r"(?<!ен)и$",
        {"я": 200, "и": 400, "ю": 120, "ей": 80, "й": 110} | _SOFT_PLURAL,
        "",
        "ю ей",
    ),
    _declension(  # сценарий
        2,
        r"и$",
        {"й": 300, "я": 220, "и": 150, "ев": 100, "ем": 80, "ю": 60} | _SOFT_PLURAL,
        "и",
        "й я ю ем",
    ),
    _declension(  # обучение
        20,
        r"[иь]$",
        {"е": 250, "я": 350, "и": 120, "й": 70, "ем": 90, "ю": 50} | _SOFT_PLURAL,
        "",
        "е ю ем",
    ),
]
# «Узла» is of «узел», «списка» of «список»: a vowel comes in where no ending follows.
_MAY_TAKE_A_VOWEL = re.compile(r"[^аеёиоуыэюя][кцлнмрв]$")
_BARE_ENDINGS = ("", "ь", "й")


def nominative_of(forms: Counter[str]) -> str | None:
    """The noun in the nominative, in lower case, the plural if the text has no singular of it.

    None where the forms fit two declensions about equally well, or none.
    """
    written = Counter[str]()
    for form, count in forms.items():
        written[form.lower()] += count
    common = _beginning_of_all(list(written))
    if len(written) == 1:
        return common if next(iter(forms))[:1].isupper() and _CONSONANT.search(common) else None
    if any(form.endswith("ой") and f"{form[:-2]}ом" in written for form in written):
        return None  # an adjective
    fits = [
        (declension.likelihood(written, stem), stem, declension)
        for stem in {common, common[:-1], common[:-2]}
        if len(stem) > 1
        for declension in _DECLENSIONS
        if declension.stems.search(stem)
    ]
    ranked = sorted(fits, key=lambda fit: -fit[0])
    if not ranked or ranked[0][0] < _least(written):
        return None
    likelihood, stem, declension = ranked[0]
    singular = stem + declension.nominative
    rivals = [other for other in ranked[1:] if other[1] + other[2].nominative != singular]
    if rivals and likelihood - rivals[0][0] < _CLEARLY:
        return None
    has_singular = any(written[stem + ending] for ending in declension.only_singular)
    if not has_singular and declension.plural in ("ы", "и") and written[stem + declension.plural]:
        return stem + declension.plural
    must_be_seen = declension.nominative == "о" or (
        declension.nominative in _BARE_ENDINGS and _MAY_TAKE_A_VOWEL.search(stem)
    )
    return None if must_be_seen and not written[singular] else singular


def _beginning_of_all(words: Sequence[str]) -> str:
    first, last = min(words), max(words)
    differs = (n for n, letter in enumerate(first) if letter != last[n : n + 1])
    return first[: next(differs, len(first))]


def _least(written: Counter[str]) -> float:
    """Where one form in five is none of the noun's, it is no noun."""
    total = sum(math.pow(count, _DAMPED) for count in written.values())
    unknown = 0.15 * total
    return unknown * math.log(_NEVER / 1_000) + (total - unknown) * math.log(0.09)
