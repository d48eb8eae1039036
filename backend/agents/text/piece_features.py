"""What tells a piece of unpunctuated speech that is whole: how it begins, how it ends, its inside.

Features are strings; bench/boundaries weighs them. Places are indices of words: the gap after
`words[i]` is gap i, and gap −1 is before the first word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import exp, floor, log, log1p

from backend.agents.text.language import Language

# Said by the listener, or before one says anything: borders of what is said.
INTERJECTIONS = frozenset(
    "yeah yep yes okay ok mm hmm hm oh huh ah alright gotcha wow mhm ага угу".split()
)
CONJUNCTIONS = {
    "en": frozenset("and so but or then".split()),
    "ru": frozenset("а но и поэтому однако зато значит затем потом".split()),
}
SUBJECTS = {
    "en": frozenset(
        "i we you they he she it there this that that's it's i'm we're you're they're i've we've "
        "you've there's these those he's she's i'll we'll you'll let's here".split()
    ),
    "ru": frozenset(
        "я мы вы ты он она оно они это эта этот эти здесь там тут можно нужно надо давайте "
        "есть".split()
    ),
}
SUBORDINATORS = {
    "en": frozenset(
        "that which who whom whose because cause when where if while although unless until as "
        "than whether since before after though what how why".split()
    ),
    "ru": frozenset(
        "который которая которое которые которого которой которых которому которым что чтобы "
        "когда если где как потому поскольку хотя пока ли чем куда откуда какой какая какие "
        "чьи".split()
    ),
}
_OUTSIDE = "^"
_SURE = 6.0
_UNLIKELY = -9.0
_BAG_WORDS, _SHORT_WORD = 16, 5


@dataclass(frozen=True)
class Gaps:
    """Words in lower case, with the log odds of each gap to end a sentence and to have any mark."""

    words: Sequence[str]
    sentence: Sequence[float]
    clause: Sequence[float]
    language: Language

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else _OUTSIDE

    def odds(self, gap: int) -> tuple[float, float]:
        """Those of a gap; the text's own borders are sure."""
        is_inside = 0 <= gap < len(self.words) - 1
        return (self.sentence[gap], self.clause[gap]) if is_inside else (_SURE, _SURE)


def start_features(gaps: Gaps, first: int) -> list[str]:
    """Of the gap before `words[first]`, as the start of a sentence or main clause."""
    before = gaps.word(first - 1)
    one, two, three = (gaps.word(first + ahead) for ahead in range(3))
    subjects = SUBJECTS[gaps.language]
    return [
        *_of_gap(gaps, first - 1),
        f"e{one}",
        f"f{one} {two}",
        f"g{one} {two} {three}",
        f"h{two} {three}",
        f"i{before}",
        f"j{before} {one}",
        f"k{before[-3:]}",
        f"l{one[-3:]}",
        f"m{one[-2:]} {two[-2:]}",
        f"n{_kind(one, gaps.language)} {two in subjects} {three in subjects}",
    ]


def end_features(gaps: Gaps, last: int) -> list[str]:
    """Of the gap after `words[last]`, as the end of a sentence or main clause."""
    before, one = gaps.word(last - 1), gaps.word(last)
    after, after2 = gaps.word(last + 1), gaps.word(last + 2)
    return [
        *_of_gap(gaps, last),
        f"e{one}",
        f"f{before} {one}",
        f"g{after}",
        f"h{one} {after}",
        f"i{after} {after2}",
        f"j{one[-3:]}",
        f"k{before[-3:]} {one[-3:]}",
        f"l{after[-3:]}",
        f"m{_kind(one, gaps.language)} {_kind(after, gaps.language)}",
    ]


def inside_features(gaps: Gaps, first: int, last: int) -> list[str]:
    """Of a piece with good borders, as one sentence or main clause with nothing missing."""
    language = gaps.language
    said = gaps.words[first : last + 1]
    ends = gaps.sentence[first:last]
    marks = [*sorted(gaps.clause[first:last], reverse=True)[:2], _UNLIKELY, _UNLIKELY]
    likeliest = max(ends, default=_UNLIKELY)
    surest_border = min(gaps.odds(first - 1)[0], gaps.odds(last)[0])
    length = min((last - first + 1) // 3, 11)
    subjects = _count(said, SUBJECTS[language])
    subordinators = _count(said, SUBORDINATORS[language])
    opening = f"{_kind(said[0], language)} {_kind(said[1], language)}"
    return [
        f"a{_step(likeliest, -4, 4)}",
        f"b{_step(marks[0], -4, 4)}",
        f"c{_step(marks[1], -4, 4)}",
        f"d{_step(log(sum(log1p(exp(one)) for one in ends) + 1e-3), -4, 3)}",
        f"e{_step(surest_border - likeliest, -4, 6)}",
        f"f{length}",
        f"g{min(subjects, 4)}",
        f"h{min(subordinators, 4)}",
        f"i{min(_count(said[1:], CONJUNCTIONS[language]), 4)}",
        f"j{max(-3, min(3, subjects - subordinators))}",
        f"k{opening}",
        f"l{opening} {min(subjects, 3)}",
        f"m{opening} {length}",
        f"n{said[0]}",
        f"o{said[-1]}",
        f"p{said[0]} {said[1]}",
        *_bag(said[1:-1]),
    ]


def _of_gap(gaps: Gaps, gap: int) -> Iterator[str]:
    """How likely a border is here, and by how much likelier than right beside."""
    near = [gaps.odds(gap + beside) for beside in (-2, -1, 1, 2)]
    for letters, here, others in zip(
        ("ab", "cd"), gaps.odds(gap), zip(*near, strict=True), strict=True
    ):
        inside = [one for one in others if one != _SURE]
        yield f"{letters[0]}{_step(here, -3, 5)}"
        yield f"{letters[1]}{_step(here - max(inside, default=_UNLIKELY), -5, 6)}"


def _step(value: float, least: int, most: int) -> int:
    """Twice the value, in whole numbers between the bounds."""
    return floor(2 * max(least, min(most, value)))


def _kind(word: str, language: Language) -> str:
    kinds = (SUBORDINATORS[language], SUBJECTS[language], CONJUNCTIONS[language], INTERJECTIONS)
    return next((letter for letter, kind in zip("bscx", kinds, strict=True) if word in kind), "-")


def _count(words: Sequence[str], kind: Collection[str]) -> int:
    return sum(word in kind for word in words)


def _bag(words: Sequence[str]) -> list[str]:
    """The short words and the endings of the longer ones: in Russian they tell a verb."""
    found = {f"q{word}" if len(word) < _SHORT_WORD else f"r{word[-3:]}" for word in words}
    return sorted(found)[:_BAG_WORDS]
