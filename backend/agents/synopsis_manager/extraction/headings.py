"""A heading for lines that have none: a question that they answer, else the terms they repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from backend.agents.synopsis_manager.extraction.naming import (
    Key,
    Terms,
    can_stand,
    is_general,
    shown_term,
)
from backend.agents.synopsis_manager.page import Line
from backend.agents.text.words import content_stems, count_words

_QUESTION = re.compile(
    r"(?:(?:so|and|but|now|итак|а|и|ну),?\s+)?(?P<asked>(?:what|how|why|when|who|which|where|is|are|"
    r"can|do|does|should|что|как|зачем|почему|когда|кто|как(?:ой|ая|ое|ие|ов|ова|овы)|где|чем|"
    r"для чего|откуда|сколько)\b[^?]*\?)$",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(
    r"\b(?:you|your|i|me|my|it|that|this|those|these|what about|there|here|там|здесь|вы|вас|"
    r"вам|ваш\w*|я|ты|это|он|она)\b",
    re.I,
)
_FEWEST_QUESTION_WORDS, _LONGEST_QUESTION_WORDS = 3, 9
_TELLING_TERMS = 6
_MOST_TERMS = 2
# Said at least so often: a single word, or a pair that isn't in the notes; any other pair.
_FEWEST_SAID, _FEWEST_OF_A_PAIR = 3, 2
_PAIR_BONUS, _NAME_BONUS = 1.9, 1.5
_CLEARLY_LESS, _MUCH_LESS = 0.6, 0.2
_ASIDE = 0.5
_EVERYWHERE, _SETS_NOTHING_APART = 0.7, 0.4


def heading_of(
    lines: Sequence[Line],
    spread: Counter[str],
    pieces: int,
    used: Collection[str] = (),
    shown: Sequence[Line] | None = None,
) -> tuple[str, list[int]]:
    """The heading and the numbers of the lines that hold its words; ("", []) if nothing tells.

    `spread` counts in how many of all the `pieces` a stem occurs: a heading sets its lines apart.
    It is none of those `used` already: no heading is better than the same again, or than two words
    that have nothing to do with each other. If only some lines will stand under it, give them as
    `shown`: it names what they speak of, or two words that come up together all the time.
    """
    terms = Terms()
    for line in lines:
        if line.kind != "code":
            terms.add(line.text)
    worths = _worths(terms, spread, pieces, shown)
    ranked = sorted(worths, key=lambda key: worths[key], reverse=True)
    question = _question(lines, {stem for key in ranked[:_TELLING_TERMS] for stem in key})
    if question is not None:
        return question
    told = {term.lower() for heading in used for term in heading.split(", ")}
    new = {key: worths[key] for key in ranked if shown_term(key, terms).lower() not in told}
    chosen = _chosen(new, terms)
    names = [shown_term(key, terms) for key in chosen]
    cites = {
        number
        for key in chosen
        if (number := _first_with(key, [*(shown or ()), *lines])) is not None
    }
    return _titled(", ".join(names)), sorted(cites)


def _worths(
    terms: Terms, spread: Counter[str], pieces: int, shown: Sequence[Line] | None
) -> dict[Key, float]:
    """What can head the lines, and how well."""
    told_below = {stem for line in shown or () for stem in content_stems(line.text)}

    def is_told(key: Key, count: int) -> bool:
        if shown is None or told_below.issuperset(key):
            return True
        return len(key) > 1 and count >= _FEWEST_SAID and bool(told_below)

    def worth(key: Key) -> float:
        elsewhere = sum(spread[stem] for stem in key) / len(key) / (pieces + 1)
        is_name = terms.written[key].most_common(1)[0][0][:1].isupper()
        bonus = (_PAIR_BONUS if len(key) > 1 else 1.0) * (_NAME_BONUS if is_name else 1.0)
        is_everywhere = len(key) == 1 and not is_name and elsewhere >= _EVERYWHERE
        bonus *= _SETS_NOTHING_APART if is_everywhere else 1.0
        aside = 1.0 if told_below.issuperset(key) or shown is None else _ASIDE
        return terms.counts[key] * bonus * (1.3 - elsewhere) * aside

    return {
        key: worth(key)
        for key, count in terms.counts.items()
        if count >= (_FEWEST_SAID if len(key) == 1 else _FEWEST_OF_A_PAIR)
        and can_stand(key, terms)
        and is_told(key, count)
    }


def _chosen(worths: dict[Key, float], terms: Terms) -> list[Key]:
    """Up to two pairs that come near the best, else one word; `worths` has the best first.

    A word as general as "files" gives way to any pair, and heads nothing by itself.
    """
    telling = [key for key in worths if not is_general(key)]
    if not telling:
        return []
    best = next(iter(worths))
    least = worths[best] * (_CLEARLY_LESS if best in telling else _MUCH_LESS)
    pairs = [key for key in telling if len(key) > 1 and worths[key] >= least]
    if best not in telling:
        return pairs[:1] or telling[:1]
    chosen: list[Key] = []
    for key in pairs or telling[:1]:
        if len(chosen) < _MOST_TERMS and not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
    return chosen


def _titled(text: str) -> str:
    return text[:1].upper() + text[1:]


def _question(lines: Sequence[Line], telling: set[str]) -> tuple[str, list[int]] | None:
    """A short question about what the lines are about, as a lecturer asks before the answer."""
    for line in lines[: max(3, len(lines) // 2)]:
        match = _QUESTION.search(line.text) if line.kind == "text" else None
        if match is None or not _QUESTION.match(line.text) or _ADDRESSES.search(match["asked"]):
            continue
        asked = match["asked"]
        is_short = _FEWEST_QUESTION_WORDS <= count_words(asked) <= _LONGEST_QUESTION_WORDS
        if is_short and telling & set(content_stems(asked)):
            return _titled(asked), [line.number]
    return None


def _first_with(key: Key, lines: Sequence[Line]) -> int | None:
    wanted = set(key)
    return next((line.number for line in lines if wanted <= set(content_stems(line.text))), None)
