"""Whether the material says what an item says, and where. Pure: for every model alike.

An item claims sources: the numbers of sentences, and perhaps a quotation out of them. The claim
holds if the quotation is there, and the sentences have the item's words, numbers and names and
don't say the opposite. A wrong citation is put right where another sentence does say it.

Sentences that give orders to a model bear out nothing, whatever they say, but a note that reports
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from backend.agents.synopsis_manager.units import Unit, orders_in
from backend.agents.text import injections
from backend.agents.text.claims import denies_anything, names, negated, stems_of
from backend.agents.text.language import detect_language
from backend.agents.text.words import content_stems, numbers, words

# Notes use their own words; below this share of common stems they speak of something else.
_LEAST_SHARE = 0.6
_MOST_PASSAGES = 3
# A quotation may differ from the text by a typo or an ending, not by a word that matters.
_LEAST_LIKENESS = 0.88
_SHORTEST_FUZZY_CHARS = 12


@dataclass(frozen=True)
class Claim:
    """What an item says, and what it says it has it from.

    `is_topic`: a heading. It names a subject and asserts nothing, so it can't say the opposite, and
    its capitals are no names.
    """

    statement: str
    cites: tuple[int, ...] = ()
    quote: str = ""
    is_topic: bool = False


@dataclass(frozen=True)
class Verdict:
    """The passages that say it, or why none does: a sentence for whoever is to put it right.

    `obeys`: all that it claims to rest on are orders to a model.
    """

    passages: tuple[Unit, ...] = ()
    objection: str = ""
    obeys: bool = False

    @property
    def holds(self) -> bool:
        return bool(self.passages)


def verify(claim: Claim, units: Sequence[Unit]) -> Verdict:
    """Hold a claim against the units it could have been taken from."""
    orders = orders_in(units)
    if not orders or injections.speaks_of_orders(claim.statement):
        return _verify(claim, units)
    verdict = _verify(claim, [unit for unit in units if unit not in orders])
    if verdict.holds:
        return verdict
    claimed = {unit.number for unit in find_quote(claim.quote, orders)} | set(claim.cites)
    if not claimed or not claimed <= {unit.number for unit in orders}:
        return verdict
    return Verdict(objection="The cited sentences only give orders to a model.", obeys=True)


def is_of_orders(text: str, units: Sequence[Unit]) -> bool:
    """Whether a free text, such as a title, has its words from the units' orders to a model."""
    orders = orders_in(units)
    if not orders or injections.speaks_of_orders(text):
        return False
    ordered = {stem for unit in orders for stem in content_stems(unit.text)}
    others = {stem for unit in units if unit not in orders for stem in content_stems(unit.text)}
    said = set(content_stems(text))
    return len(said & (ordered - others)) * 2 > len(said)


def _verify(claim: Claim, units: Sequence[Unit]) -> Verdict:
    by_number = {unit.number: unit for unit in units}
    cited = [by_number[number] for number in dict.fromkeys(claim.cites) if number in by_number]
    quoted = find_quote(claim.quote, cited) or find_quote(claim.quote, units)
    if claim.quote.strip() and not quoted:
        return Verdict(objection="The quotation isn't in the material.")
    near = [unit for unit in units if unit in cited or unit in quoted]
    objection = _objection(claim, near) if near else "It cites nothing."
    if not objection:
        return Verdict(tuple(near))
    found = _closest(claim.statement, units)
    if found and not _objection(claim, found):
        return Verdict(tuple(found))
    return Verdict(objection=objection)


def find_quote(quote: str, units: Sequence[Unit]) -> list[Unit]:
    """The consecutive units that have `quote`: as it is, then normalised, then nearly so."""
    wanted = " ".join(quote.split())
    if not wanted:
        return []
    for say in (_plainly, _normalised):
        found = _in_a_row(say(wanted), units, say)
        if found:
            return found
    if len(wanted) < _SHORTEST_FUZZY_CHARS or not units:
        return []
    best = max(units, key=lambda unit: _likeness(wanted, unit.text))
    is_near = _likeness(wanted, best.text) >= _LEAST_LIKENESS
    means_it = numbers(wanted) <= numbers(best.text) and not contradicted(wanted, best.text)
    return [best] if is_near and means_it else []


def supports(passage: str, statement: str, *, is_topic: bool = False) -> bool:
    """Whether the passage says what the statement says; of a topic: whether it is about that."""
    return not _hold(is_topic)(statement, passage)


def objection_to(statement: str, passage: str) -> str:
    """Why the passage doesn't say `statement`; empty if it does.

    Between languages only numbers and names in the passage's script can be compared.
    """
    objection = _objection_to_topic(statement, passage)
    if objection or detect_language(statement) != detect_language(passage):
        return objection
    missing = names(statement) - stems_of(passage)
    if missing:
        return f"The cited sentences don't name {_listed(missing)}."
    opposite = contradicted(statement, passage)
    return f"The cited sentences say the opposite of {_listed(opposite)}." if opposite else ""


def _objection(claim: Claim, passages: Sequence[Unit]) -> str:
    return _hold(claim.is_topic)(claim.statement, _joined(passages))


def _hold(is_topic: bool) -> Callable[[str, str], str]:
    return _objection_to_topic if is_topic else objection_to


def _objection_to_topic(statement: str, passage: str) -> str:
    missing = numbers(statement) - numbers(passage)
    language = detect_language(passage)
    if not missing and detect_language(statement) != language:
        foreign = {s for s in content_stems(statement) if detect_language(s) == language}
        missing = foreign - set(content_stems(passage))
    elif not missing and not _shares_enough(statement, passage):
        return "The cited sentences don't say this."
    return f"The cited sentences don't have {_listed(missing)}." if missing else ""


def _shares_enough(statement: str, passage: str) -> bool:
    said = set(content_stems(statement))
    if not said:
        return _normalised(statement) in _normalised(passage)
    return len(said & set(content_stems(passage))) >= _LEAST_SHARE * len(said)


def contradicted(statement: str, passage: str) -> set[str]:
    """Stems that one of the two denies where the other has them without a "not"; empty if none."""
    denied = negated(statement, absence=not denies_anything(passage)) - negated(passage)
    affirmed = negated(passage) - negated(statement) - _also_affirmed(passage)
    return (denied & set(content_stems(passage))) | (affirmed & set(content_stems(statement)))


def _also_affirmed(text: str) -> set[str]:
    """What is said twice or more, and so perhaps once without the negation."""
    stems = content_stems(text)
    return {stem for stem in set(stems) if stems.count(stem) > 1}


def _listed(stems: set[str]) -> str:
    return ", ".join(f"“{stem}”" for stem in sorted(stems))


def _plainly(text: str) -> str:
    return " ".join(text.split())


def _normalised(text: str) -> str:
    """Case, punctuation and «ё» don't make a quotation another one."""
    return " ".join(word.lower().replace("ё", "е") for word in words(text))


def _in_a_row(wanted: str, units: Sequence[Unit], say: Callable[[str], str]) -> list[Unit]:
    """The units whose texts, one after the other, contain `wanted`."""
    texts = [say(unit.text) for unit in units]
    at = f" {' '.join(texts)} ".find(f" {wanted} ") if wanted else -1
    if at < 0:
        return []
    found, start = [], 0
    for unit, text in zip(units, texts, strict=True):
        if start < at + len(wanted) and at < start + len(text):
            found.append(unit)
        start += len(text) + 1
    return found


def _likeness(wanted: str, text: str) -> float:
    """How alike `wanted` and the most similar stretch of `text` are, from 0 to 1."""
    one, other = _normalised(wanted), _normalised(text)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    longest = matcher.find_longest_match()
    start = max(0, longest.b - longest.a)
    stretch = other[start : start + len(one)]
    return SequenceMatcher(None, one, stretch, autojunk=False).ratio()


def _closest(statement: str, units: Sequence[Unit]) -> list[Unit]:
    """Up to three units that together share the most words with the statement, in order."""
    missing = set(content_stems(statement))
    stems = {unit.number: set(content_stems(unit.text)) for unit in units if unit.kind != "code"}
    chosen: list[int] = []
    while missing and len(chosen) < _MOST_PASSAGES:
        best = max(stems, key=lambda number: len(stems[number] & missing), default=None)
        if best is None or not stems[best] & missing:
            break
        missing -= stems.pop(best)
        chosen.append(best)
    return [unit for unit in units if unit.number in chosen]


def _joined(units: Sequence[Unit]) -> str:
    return " ".join(f"{unit.speaker} {unit.text}" for unit in units)
