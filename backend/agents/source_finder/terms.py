"""Terms that a material uses again and again and never explains. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from backend.agents.survey.terms import is_known_to_all
from backend.agents.synopsis_manager.extraction.naming import may_be_noun
from backend.agents.synopsis_manager.extraction.nominative import (
    agrees,
    is_adjective,
    is_russian,
    nominative_pair,
)
from backend.agents.synopsis_manager.units import Unit
from backend.agents.text.definitions import definition_in
from backend.agents.text.words import WORD, content_stems, stop_words
from backend.domain.stemming import stem

_ABBREVIATION = re.compile(r"(?:[A-ZА-ЯЁ]{2,}[A-Za-z0-9]*|[A-Za-z]{2,}\d+|[A-Z][a-z]+[A-Z]\w*)$")
_QUOTED = re.compile(r"[«“]([^«»“”]{3,50})[»”]")
_ONLY_SPACE = re.compile(r"\s+")
_EXPLAINS = re.compile(r"\((?:[^()]{4,80})\)")
_INFINITIVE = re.compile(r"[аеиоуыя]ть(?:ся)?$", re.IGNORECASE)
_FEWEST, _FEWEST_OF_PAIRS = 2, 3
_PAIR_WORTH, _QUOTED_WORTH, _ABBREVIATION_WORTH = 1.0, 1.5, 1.5


@dataclass
class Term:
    """A term as it was first written, and where; all its written forms. `worth` orders terms."""

    text: str
    first: Unit
    weight: float
    fewest: int
    written: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.written.total()

    @property
    def worth(self) -> float:
        return self.weight * self.count


@dataclass
class _Terms:
    by_stems: dict[tuple[str, ...], Term] = field(default_factory=dict)
    forms: dict[str, Counter[str]] = field(default_factory=dict)
    explained: set[tuple[str, ...]] = field(default_factory=set)


def unexplained_terms(units: Sequence[Unit]) -> list[Term]:
    """Those used often enough, the weightiest first, but for those whose name can't be told."""
    terms = _Terms()
    for unit in units:
        if unit.kind != "code":
            _note(terms, unit)
    left = [
        replace(term, text=shown)
        for stems, term in terms.by_stems.items()
        if term.count >= term.fewest and not _is_explained(stems, terms.explained)
        if (shown := _shown(term, terms.forms)) is not None
    ]
    return sorted(left, key=lambda term: (-term.worth, term.first.number))


def _shown(term: Term, forms: dict[str, Counter[str]]) -> str | None:
    """A Russian pair in the nominative; what is mostly written small, small."""
    first, _, second = term.text.partition(" ")
    if not second or not is_russian(first):
        return term.text
    agreeing = [pair for pair, _ in term.written.most_common() if _is_named(*pair.split(" ", 1))]
    noun = second if is_adjective(first) else first
    pair = agreeing[0] if agreeing else nominative_pair(first, second, _forms_of(noun, forms))
    written = _forms_of(first, forms)
    small = sum(count for form, count in written.items() if form.islower())
    return pair.lower() if pair and is_russian(second) and 2 * small >= written.total() else pair


def _is_named(first: str, second: str) -> bool:
    return is_adjective(first) and agrees(first, second)


def _forms_of(noun: str, forms: dict[str, Counter[str]]) -> Counter[str]:
    return forms.get(stem(noun.lower()), Counter())


def _note(terms: _Terms, unit: Unit) -> None:
    if unit.kind == "heading":
        # What has a section of its own is explained there, in whatever words.
        terms.explained.add(tuple(content_stems(unit.text)))
    for word in WORD.findall(unit.text):
        if is_russian(word):
            terms.forms.setdefault(stem(word.lower()), Counter())[word] += 1
    definition = definition_in(unit.text)
    if definition is not None:
        terms.explained.add(tuple(content_stems(definition.term)))
    for text, weight, fewest in _mentions(unit.text):
        stems = tuple(content_stems(text))
        if not stems:
            continue
        term = terms.by_stems.setdefault(stems, Term(text, unit, weight, fewest))
        term.written[text] += 1
        if _is_spelled_out(text, unit.text):
            terms.explained.add(stems)


def _mentions(text: str) -> Iterator[tuple[str, float, int]]:
    for quoted in _QUOTED.finditer(text):
        if len(quoted[1].split()) <= 4:
            yield quoted[1], _QUOTED_WORTH, _FEWEST
    empty = stop_words()
    before: re.Match[str] | None = None
    for word in WORD.finditer(text):
        # «We’ll» and its like are no part of a term, whatever list of empty words they stand in.
        is_cut = "'" in word[0] or "’" in word[0]
        carries = len(word[0]) > 2 and word[0].lower() not in empty and word[0][0].isalpha()
        carries = carries and not is_cut and not _INFINITIVE.search(word[0])
        is_abbreviation = _ABBREVIATION.match(word[0]) and not is_known_to_all(word[0])
        if is_abbreviation and word[0].lower() not in empty:
            yield word[0], _ABBREVIATION_WORTH, _FEWEST
        is_pair = carries and before and _ONLY_SPACE.fullmatch(text[before.end() : word.start()])
        if before and is_pair and (may_be_noun(word[0]) or not is_russian(word[0])):
            yield f"{before[0]} {word[0]}", _PAIR_WORTH, _FEWEST_OF_PAIRS
        before = word if carries else None


def _is_spelled_out(term: str, text: str) -> bool:
    """«TLB (translation lookaside buffer)», or the other way round."""
    if not _ABBREVIATION.match(term):
        return False
    after = text.partition(term)[2].lstrip()
    return bool(_EXPLAINS.match(after)) or f"({term})" in text


def _is_explained(stems: tuple[str, ...], explained: set[tuple[str, ...]]) -> bool:
    """Whether the term is explained, or one that has all its words."""
    return any(set(stems) <= set(other) for other in explained)
