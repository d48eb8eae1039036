"""The dictionary form of a Russian noun, from the forms in which a text has it.

No dictionary: endings alone.
"""

from __future__ import annotations

import re
from collections import Counter

from backend.agents.synopsis_manager.extraction.declension import nominative_of

_CYRILLIC = re.compile(r"[а-яё]+", re.IGNORECASE)
# Endings that leave no doubt, and what the nominative has in their place.
_CERTAIN = [
    (re.compile(r"([её]ни|ани|яти|ыти)(?:я|ю|и|ем|й|ям|ях|ями)$"), r"\1е"),
    (re.compile(r"(ци|нси|зи|фи|ги|ри|ли)(?:ю|и|ей|й|ям|ях|ями)$"), r"\1я"),
    (re.compile(r"(ост)(?:и|ью|ей|ям|ях|ями)$"), r"\1ь"),
    (re.compile(r"(ств)(?:а|у|ом|е|ам|ами|ах)$"), r"\1о"),
    (re.compile(r"(тел)(?:я|ю|и|ем|ей|ям|ях|ями)$"), r"\1ь"),
]
_TIME = re.compile(r"^((?:вре|и|зна|пла|пле|се|те|бре)м)ен(?:и|ем|а|ам|ами|ах)$")
_OBLIQUE = re.compile(r"(?:у|ю|ом|ем|ём|ой|ей|ами|ями|ах|ях|ов|ев|ам|ям)$")
_GENITIVE = re.compile(r"(?:[аяыи]|ов|ев|ей|ий)$")
_PLURAL = re.compile(r"[иые]$")

_ADJECTIVE_OF = [
    (re.compile(r"(?:ый|ий|ой)$"), re.compile(r"(?:[бвгджзклмнпрстфхцчшщ]|[аиу]й|тель)$")),
    (re.compile(r"(?:ая|яя)$"), re.compile(r"(?:[аяь])$")),
    (re.compile(r"(?:ое|ее)$"), re.compile(r"(?:[ое])$")),
    (re.compile(r"(?:ые|ие)$"), re.compile(r"(?:[ыи]|[её]ния|ания)$")),
]


_ADJECTIVE = re.compile(
    r"(?P<stem>.*?)(?P<ending>ыми|ими|ого|его|ому|ему|ый|ий|ая|яя|ое|ее|ые|ие|ую|юю|ых|их|ым|им|"
    r"ой|ей|ом|ем)$",
    re.IGNORECASE,
)
_NOUN_LIKE_ADJECTIVE = re.compile(
    r"(?:[еа]ни[еяюи]|[еа]нием|ци[еяюий]|цией|ти[еяюи]|ост[ией])$", re.IGNORECASE
)
_VOWEL_AND_N = re.compile(r"[аеёиоуыэюя]н$")
_PLURAL_ADJECTIVE = ("ые", "ие", "ых", "их", "ыми", "ими")
_MASCULINE_ONLY = ("ого", "его", "ому", "ему", "ом", "ем", "ый", "ий", "ым", "им")


def is_russian(word: str) -> bool:
    return bool(_CYRILLIC.fullmatch(word))


def agrees(adjective: str, noun: str) -> bool:
    """Whether two words stand together as in a dictionary: «машинное обучение», «белый шум»."""
    return any(
        first.search(adjective.lower()) and second.search(noun.lower())
        for first, second in _ADJECTIVE_OF
    )


def nominative_pair(first: str, second: str, forms: Counter[str]) -> str | None:
    """Two words in a row as a dictionary has them: «машинное обучение» for «машинном обучении».

    `forms` are those in which a text has the noun of the two: the second after an adjective, else
    the first, which the second belongs to. None where they don't tell its nominative.
    """
    if is_adjective(first) and agrees(first, second):
        return f"{first} {second}"
    # «Изучая архитектуру»: no adjective, or it would agree.
    if not tells_nominative(forms) or first.lower().endswith(("ая", "яя")):
        return None
    noun = nominative(forms)
    if not is_adjective(first):
        return f"{noun} {second}"
    # «Памяти» after a singular is no plural, «систем» after a plural no singular.
    is_plural = first.lower().endswith(_PLURAL_ADJECTIVE)
    if noun.lower() == second.lower() if is_plural else noun[-1:] in "ыи":
        return None
    return f"{_adjective_for(first, noun)} {noun}"


def is_adjective(word: str) -> bool:
    """By its ending, in any case; a noun such as «тестом» looks like one too."""
    match = _ADJECTIVE.match(word)
    if match is None or _NOUN_LIKE_ADJECTIVE.search(word):
        return False
    # «Последнем», but «временем».
    is_soft = match["ending"][0].lower() in "еияю"
    return not (is_soft and _VOWEL_AND_N.search(match["stem"].lower()))


def _adjective_for(adjective: str, noun: str) -> str:
    """The adjective in the nominative that goes with this noun."""
    match = _ADJECTIVE.match(adjective)
    if match is None:
        return adjective
    stem, ending = match["stem"], match["ending"].lower()
    last = stem[-1:].lower()
    is_soft = ending[0] in "еияю" and last not in "гкхжшчщц"
    if noun[-1:] in "ыи":
        return stem + ("ие" if is_soft or last in "гкхжшчщ" else "ые")
    is_feminine = noun[-1:] in "ая" or (
        noun[-1:] == "ь" and ending not in _MASCULINE_ONLY and not noun.endswith("тель")
    )
    if is_feminine:
        return stem + ("яя" if is_soft else "ая")
    if noun[-1:] in "оеё":
        return stem + ("ее" if is_soft or last in "жшчщц" else "ое")
    return stem + ("ий" if is_soft or last in "гкхжшчщ" else "ый")


def is_genitive(noun: str) -> bool:
    """Whether a noun may stand in the genitive, after the noun that it belongs to."""
    return bool(_GENITIVE.search(noun.lower())) and is_russian(noun)


def tells_nominative(forms: Counter[str]) -> bool:
    """Whether the forms let one know the nominative: of «людях» or «похоти» alone one can't."""
    return bool(_told(forms))


def nominative(forms: Counter[str]) -> str:
    """The noun as a heading would have it; `forms` are its written forms with their counts.

    Where they don't tell, the form most like a nominative.
    """
    told = _told(forms) or min(forms, key=lambda form: _rank(form, forms))
    is_name = all(form[:1].isupper() for form in forms)
    return told[:1].upper() + told[1:] if is_name else told


def _told(forms: Counter[str]) -> str:
    times = (_TIME.match(form.lower()) for form in forms)
    time = next((f"{match[1]}я" for match in times if match), None)
    told = time or nominative_of(forms)
    if told is not None:
        return told
    best = min(forms, key=lambda form: _rank(form, forms)).lower()
    return next((e.sub(of, best) for e, of in _CERTAIN if e.search(best)), "")


def _rank(form: str, forms: Counter[str]) -> tuple[int, int]:
    lower = form.lower()
    case = 2 if _OBLIQUE.search(lower) else 1 if _PLURAL.search(lower) else 0
    return case, -forms[form]
