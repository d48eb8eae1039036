"""The dictionary form of a Russian noun, from the forms in which a text has it.

No dictionary: endings alone. Where they don't tell, the form most like a nominative is taken.
"""

from __future__ import annotations

import re
from collections import Counter

_CYRILLIC = re.compile(r"[а-яё]+", re.IGNORECASE)
# Endings that leave no doubt, and what the nominative has in their place.
_CERTAIN = [
    (re.compile(r"([её]ни|ани|яти|ыти)(?:я|ю|и|ем|й|ям|ях|ями)$"), r"\1е"),
    (re.compile(r"(ци|нси|зи|фи|ги|ри|ли)(?:ю|и|ей|й|ям|ях|ями)$"), r"\1я"),
    (re.compile(r"(ост)(?:и|ью|ей|ям|ях|ями)$"), r"\1ь"),
    (re.compile(r"(ств)(?:а|у|ом|е|ам|ами|ах)$"), r"\1о"),
    (re.compile(r"(тел)(?:я|ю|и|ем|ей|ям|ях|ями)$"), r"\1ь"),
]
_OBLIQUE = re.compile(r"(?:у|ю|ом|ем|ём|ой|ей|ами|ями|ах|ях|ов|ев|ам|ям)$")
_GENITIVE = re.compile(r"(?:[аяыи]|ов|ев|ей|ий)$")
_PLURAL = re.compile(r"[иыее]$")
_MASCULINE = ("ов", "ом")
_FEMININE = "ой"
_PLURAL_GENITIVE = ("ов", "ев")
# A rarer bare form is a genitive plural («задач»).
_RARE = 2

_ADJECTIVE_OF = [
    (re.compile(r"(?:ый|ий|ой)$"), re.compile(r"[бвгджзклмнпрстфхцчшщй]$")),
    (re.compile(r"(?:ая|яя)$"), re.compile(r"(?:[аяь])$")),
    (re.compile(r"(?:ое|ее)$"), re.compile(r"(?:[ое])$")),
    (re.compile(r"(?:ые|ие)$"), re.compile(r"(?:[ыи])$")),
]


def is_russian(word: str) -> bool:
    return bool(_CYRILLIC.fullmatch(word))


def agrees(adjective: str, noun: str) -> bool:
    """Whether two words stand together as in a dictionary: «машинное обучение», «белый шум»."""
    return any(
        first.search(adjective.lower()) and second.search(noun.lower())
        for first, second in _ADJECTIVE_OF
    )


def is_genitive(noun: str) -> bool:
    """Whether a noun may stand in the genitive, after the noun that it belongs to."""
    return bool(_GENITIVE.search(noun.lower())) and is_russian(noun)


def tells_nominative(forms: Counter[str]) -> bool:
    """Whether the forms let one know the nominative: of «людях» or «похоти» alone one can't."""
    if any(ending.search(form.lower()) for form in forms for ending, _ in _CERTAIN):
        return True
    shown = nominative(forms).lower()
    is_only_form = all(form.lower() == shown for form in forms)
    return not _OBLIQUE.search(shown) and not (is_only_form and shown[-1:] in "иы")


def nominative(forms: Counter[str]) -> str:
    """The noun as a heading would have it; `forms` are its written forms with their counts."""
    best = min(forms, key=lambda form: _rank(form, forms))
    for ending, replacement in _CERTAIN:
        if ending.search(best.lower()):
            return ending.sub(replacement, best)
    return _plural_of(best, forms) or _without_ending(best, forms) or best


def _rank(form: str, forms: Counter[str]) -> tuple[int, int]:
    lower = form.lower()
    case = 2 if _OBLIQUE.search(lower) else 1 if _PLURAL.search(lower) else 0
    return case, -forms[form]


def _plural_of(form: str, forms: Counter[str]) -> str:
    """«ноги» for «ног» where that is the genitive plural: it is rarer, and nothing masculine."""
    if form[-1:].lower() in "аеёийоуыэюяь" or any(
        form.lower() + ending in map(str.lower, forms) for ending in (*_PLURAL_GENITIVE, "ом", "а")
    ):
        return ""
    return next((form + e for e in "ыи" if forms[form + e] > forms[form]), "")


def _without_ending(form: str, forms: Counter[str]) -> str:
    """«текст» for «текста» beside «текстов»: only such nouns have these endings."""
    if form[-1:].lower() not in "аяыи":
        return ""
    bare = form[:-1]
    written = Counter({one.lower(): count for one, count in forms.items()})
    is_feminine = f"{bare.lower()}у" in written and bare.lower() not in written
    if is_feminine and not any(bare.lower() + ending in written for ending in ("ом", "ов")):
        return f"{bare}а"
    if f"{bare.lower()}о" in written:
        return f"{bare}о"
    if bare.lower().endswith(_PLURAL_GENITIVE) or bare.lower() + _FEMININE in written:
        return ""
    is_common = written[bare.lower()] * _RARE >= written[form.lower()]
    is_declined = any(bare.lower() + ending in written for ending in _MASCULINE)
    return bare if is_common or is_declined else ""
