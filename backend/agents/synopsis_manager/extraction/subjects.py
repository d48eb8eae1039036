"""What is spoken of in a conversation, stretch by stretch: its telling terms."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.agents.synopsis_manager.extraction.naming import (
    Key,
    Terms,
    can_stand,
    shown_term,
    terms_of,
)
from backend.agents.synopsis_manager.extraction.nominative import is_russian
from backend.agents.synopsis_manager.page import Line
from backend.agents.text.words import content_stems, count_words, stop_words, words

_CLAUSE_END = re.compile(r"[.,;:!?…]+\s*")
_DEFINITE = frozenset("the a an this that these those our your".split())
_BEFORE_NOUNS = _DEFINITE | frozenset(
    "my his her their its some any no each every another of for with one two three four five more "
    "other".split()
)
_FEWEST_MENTIONS = 2
# A noun has a determiner before it and no noun after it: often enough, if not always.
_LEAST_DETERMINED, _LEAST_FINAL = 0.2, 0.5
_LEAST_DEFINITE, _LEAST_DEFINITE_NAME = 0.25, 0.5
_PAIR_BONUS = 1.9
# What goes through the whole: mentioned in so many of so many equal pieces.
_PIECES, _LEAST_WIDTH = 12, 0.6


@dataclass
class Mentions(Terms):
    """How often the terms of some lines occur, how they are written and what stands beside them."""

    definite: Counter[Key] = field(default_factory=Counter)
    determined: Counter[Key] = field(default_factory=Counter)
    final: Counter[Key] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        for clause in _CLAUSE_END.split(text):
            super().add(clause)
            said = [word.lower() for word in words(clause)]
            for key, written in terms_of(clause):
                self._add_neighbours(key, written.lower().split(), said)

    def _add_neighbours(self, key: Key, term: list[str], said: list[str]) -> None:
        at = said.index(term[0])
        before = said[at - 1] if at else ""
        after = said[at + len(term)] if at + len(term) < len(said) else ""
        self.definite[key] += before in _DEFINITE
        self.determined[key] += before in _BEFORE_NOUNS
        self.final[key] += not after or after in stop_words()

    def name_something(self, key: Key) -> bool:
        """Whether the term is used as a noun. Russian words show it by their endings."""
        count = self.counts[key]
        form = self.written[key].most_common(1)[0][0]
        if count < _FEWEST_MENTIONS or not can_stand(key, self):
            return False
        if is_russian(form):
            return True
        is_noun = form[:1].isupper() or self.determined[key] >= _LEAST_DETERMINED * count
        return is_noun and self.final[key] >= _LEAST_FINAL * count

    def shown(self, key: Key) -> str:
        """The term with the article that it mostly has."""
        text = shown_term(key, self)
        least = _LEAST_DEFINITE_NAME if text[:1].isupper() else _LEAST_DEFINITE
        return f"the {text}" if self.definite[key] >= least * self.counts[key] else text


@dataclass(frozen=True)
class Subject:
    """A term, and how notes name it."""

    key: Key
    text: str


class Subjects:
    """The subjects of a conversation's lines. The speakers' own names are none."""

    def __init__(self, lines: Sequence[Line], speakers: Sequence[str]) -> None:
        self._lines = lines
        self._speakers = frozenset(content_stems(" ".join(speakers)))
        self._all = Mentions()
        for line in lines:
            self._all.add(line.text)
        self._usable = [
            key
            for key in self._all.counts
            if self._all.name_something(key) and not self._is_speaker(key)
        ]

    def main(self) -> Subject | None:
        """What comes up all the way through, if anything does."""
        pieces = self._counts_of(_PIECES)
        width = {key: sum(key in counts for counts in pieces) / _PIECES for key in self._usable}
        wide = [key for key in self._usable if width[key] >= _LEAST_WIDTH]
        best = max(wide, key=lambda k: width[k] * self._all.counts[k] * _bonus(k), default=None)
        return None if best is None else self._subject(best)

    def of_stretches(self, count: int, each: int, without: Subject | None) -> list[list[Subject]]:
        """At most `each` subjects for each of `count` stretches of equal length, none twice.

        A stretch's subjects are those it speaks of more than the others do. One without any is
        passed over.
        """
        used = {*without.key, without.text} if without is not None else set()
        found = []
        for counts in self._counts_of(count):
            told: list[Subject] = []
            for key in self._ranked(counts):
                subject = self._subject(key)
                if len(told) < each and not used & {*key, subject.text}:
                    used |= {*key, subject.text}
                    told.append(subject)
            if told:
                found.append(told)
        return found

    def _ranked(self, counts: Counter[Key]) -> list[Key]:
        """The keys worth telling of a stretch, the best first."""
        share = counts.total() / max(1, self._all.counts.total())

        def worth(key: Key) -> float:
            expected = self._all.counts[key] * share
            return counts[key] * _bonus(key) * math.log(counts[key] / expected)

        usable = [key for key in self._usable if counts[key] >= _FEWEST_MENTIONS]
        return sorted((key for key in usable if worth(key) > 0), key=worth, reverse=True)

    def _counts_of(self, pieces: int) -> list[Counter[Key]]:
        total = 1 + sum(count_words(line.text) for line in self._lines)
        counts: list[Counter[Key]] = [Counter() for _ in range(pieces)]
        at = 0
        for line in self._lines:
            counts[at * pieces // total].update(key for key, _ in terms_of(line.text))
            at += count_words(line.text)
        return counts

    def _is_speaker(self, key: Key) -> bool:
        """ "User interface" where User Interface speaks; "Interface Designer" too."""
        form = self._all.written[key].most_common(1)[0][0]
        own = [stem in self._speakers for stem in key]
        return all(own) or (form[:1].isupper() and any(own))

    def _subject(self, key: Key) -> Subject:
        return Subject(key, self._all.shown(key))


def _bonus(key: Key) -> float:
    return _PAIR_BONUS if len(key) > 1 else 1.0
