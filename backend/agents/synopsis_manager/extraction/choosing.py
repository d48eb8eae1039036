"""Chooses what goes into the notes of a page, within the words they may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backend.agents.synopsis_manager.extraction import wording
from backend.agents.synopsis_manager.extraction.scoring import Scored
from backend.agents.synopsis_manager.extraction.sections import Section
from backend.agents.synopsis_manager.extraction.wholes import whole_lines
from backend.agents.text import cues
from backend.agents.text.speech import breaks_off

# Two sentences that share more of their content words than this say the same.
SAME = 0.6
_LEAST_SCORE = 0.12
# The material's author took the trouble to list it.
_LIST_BONUS = 0.22
# Spoken sentences say more together.
_CONTEXT_BONUS = 0.03
_LONGEST_RUN_WORDS, _LONGEST_RUN = 60, 3
_MOST_LIST_POINTS = 9
_HEADING_WORDS = 4
_OPENING_LINES, _OPENING_SHARE, _LONGEST_OPENING_WORDS = 8, 0.7, 80
_FEWEST_SECTION_WORDS = 25


@dataclass(frozen=True)
class Candidate:
    """Lines that are taken together: a sentence, or a list with the sentence that leads to it."""

    lines: tuple[Scored, ...]

    @property
    def words(self) -> int:
        return sum(scored.words for scored in self.lines)

    @property
    def section(self) -> int:
        return self.lines[0].section

    @property
    def score(self) -> float:
        points = [scored.score for scored in self.lines if scored.line.kind == "item"]
        if len(points) > 1:
            return sum(points) / len(points) + _LIST_BONUS
        mean = sum(scored.score for scored in self.lines) / len(self.lines)
        return mean + _CONTEXT_BONUS * (len(self.lines) - 1)

    @property
    def stems(self) -> frozenset[str]:
        return frozenset().union(*(scored.stems for scored in self.lines))


def choose(
    sections: Sequence[Section],
    scored: Sequence[Scored],
    max_words: int,
    opens_material: bool = False,
) -> set[int]:
    """The numbers of the lines to take: the opening, the best of each section, the best overall.

    Each next pick of a section counts for less, and what repeats a pick isn't taken. Of a page
    that opens the material at least one line is chosen.
    """
    scored = whole_only(scored)
    candidates = _candidates(scored)
    chooser = _Chooser(candidates, max_words, sections)
    if opens_material:
        chooser.take(_opening(scored, max_words))
    for candidate in _best_of_sections(candidates, sections):
        chooser.take(candidate)
    while (best := chooser.best()) is not None:
        chooser.take(best)
    if not chooser.taken and candidates and opens_material:
        chooser.taken.append(max(candidates, key=lambda c: c.score - 0.02 * c.words))
    return {scored.line.number for candidate in chooser.taken for scored in candidate.lines}


def whole_only(scored: Sequence[Scored]) -> list[Scored]:
    """Without the pieces of an unpunctuated transcript that aren't whole sentences."""
    whole = {line.number for line in whole_lines([one.line for one in scored])}
    return [one for one in scored if one.line.number in whole]


def _opening(scored: Sequence[Scored], max_words: int) -> Candidate:
    """The first statements, which in a lecture or chapter tell what it is about.

    A conversation begins with greetings: nothing is taken from there.
    """
    allowed = min(_LONGEST_OPENING_WORDS, max_words * _OPENING_SHARE)
    taken: list[Scored] = []
    words = 0
    for line in scored[:_OPENING_LINES]:
        if line.line.speaker or (taken and line.section != taken[0].section):
            break
        if line.line.kind != "text" or cues.announces(line.line.text):
            if taken:
                break
            continue
        if cues.is_question(line.line.text) or cues.is_chatter(line.line.text):
            continue
        if wording.has_lost_words(line.line.text):
            continue
        if any(line.stems == other.stems for other in taken):
            continue
        if words + line.words > allowed:
            break
        taken.append(line)
        words += line.words
    return Candidate(tuple(taken))


class _Chooser:
    def __init__(
        self, candidates: list[Candidate], max_words: int, sections: Sequence[Section]
    ) -> None:
        self.open = list(candidates)
        self.left = max_words
        self.taken: list[Candidate] = []
        self.numbers: set[int] = set()
        self.words_taken: Counter[int] = Counter()
        self.sections = sections

    def take(self, candidate: Candidate) -> bool:
        """Take it if there is room and it says something new; either way it is settled."""
        if candidate in self.open:
            self.open.remove(candidate)
        new = [s for s in candidate.lines if s.line.number not in self.numbers]
        cost = sum(scored.words for scored in new)
        if not new:
            return False
        if not self.words_taken[candidate.section] and self.sections[candidate.section].heading:
            cost += _HEADING_WORDS
        if cost > self.left or any(_repeats(candidate, other) for other in self.taken):
            return False
        self.taken.append(candidate)
        self.numbers |= {scored.line.number for scored in new}
        self.left -= cost
        self.words_taken[candidate.section] += cost
        return True

    def best(self) -> Candidate | None:
        fitting = [c for c in self.open if c.words <= self.left and c.score > _LEAST_SCORE]
        return max(fitting, key=self._worth, default=None)

    def _worth(self, candidate: Candidate) -> float:
        section = candidate.section
        share = self.words_taken[section] / max(1, self.sections[section].words)
        return candidate.score - 0.8 * share


def _best_of_sections(
    candidates: Sequence[Candidate], sections: Sequence[Section]
) -> list[Candidate]:
    """The best candidate of each section that is worth a heading, those of long ones first."""
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        section = candidate.section
        worthwhile = sections[section].words >= _FEWEST_SECTION_WORDS
        if not worthwhile or candidate.score <= _LEAST_SCORE:
            continue
        if section not in best or candidate.score > best[section].score:
            best[section] = candidate
    return sorted(best.values(), key=lambda c: -sections[c.section].words)


def _candidates(scored: Sequence[Scored]) -> list[Candidate]:
    candidates = []
    index = 0
    while index < len(scored):
        end = _list_end(scored, index)
        if end > index + 1:
            candidates += _of_list(scored, index, end)
            index = end
            continue
        line = scored[index]
        text = line.line.text
        is_statement = not cues.announces(text) and not cues.is_question(text)
        is_statement = is_statement and not (line.line.speaker and breaks_off(text))
        is_statement = is_statement and not wording.has_lost_words(text)
        if is_statement and not cues.is_list_of_names(text):
            candidates.append(_with_what_it_leans_on(scored, index))
        index += 1
    return [candidate for candidate in candidates if candidate.lines]


def _list_end(scored: Sequence[Scored], index: int) -> int:
    """The end of the list that begins at `index`, or at the line after, which leads to it."""
    first = index
    if scored[index].line.kind == "text" and cues.announces(scored[index].line.text):
        first = index + 1
    end = first
    while (
        end < len(scored)
        and scored[end].line.kind == "item"
        and scored[end].section == scored[index].section
    ):
        end += 1
    return end if end - first >= 2 else index


def _of_list(scored: Sequence[Scored], start: int, end: int) -> list[Candidate]:
    """A list of readable length is taken whole; of a longer one each point stands for itself."""
    points = [s for s in scored[start:end] if s.line.kind == "item"]
    lead = scored[start].line
    if cues.points_back(lead.text) and _can_lead(scored, start):
        start -= 1
    if len(points) <= _MOST_LIST_POINTS:
        return [Candidate(tuple(scored[start:end]))]
    return [Candidate((point,)) for point in points]


def _with_what_it_leans_on(scored: Sequence[Scored], index: int) -> Candidate:
    """A sentence that points back comes with the one before it, so that it can be understood."""
    line = scored[index]
    if line.line.speaker:
        return _run_from(scored, index)
    if cues.points_back(line.line.text) and _can_lead(scored, index):
        return Candidate((scored[index - 1], line))
    return Candidate((line,))


def _run_from(scored: Sequence[Scored], index: int) -> Candidate:
    """What a speaker says from this sentence on, as long as it is a statement."""
    run = [scored[index]]
    for following in range(index + 1, min(index + _LONGEST_RUN, len(scored))):
        line = scored[following]
        same_turn = line.line.paragraph == run[0].line.paragraph and line.section == run[0].section
        same_turn = same_turn and _follows(line, run[-1])
        words = sum(scored.words for scored in run) + line.words
        is_whole = not cues.is_question(line.line.text) and not breaks_off(line.line.text)
        says_more = line.score > _LEAST_SCORE and is_whole
        if not same_turn or words > _LONGEST_RUN_WORDS or not says_more:
            break
        run.append(line)
    return Candidate(tuple(run))


def _can_lead(scored: Sequence[Scored], index: int) -> bool:
    """Whether the line before `index` is a statement in the same section, by the same speaker."""
    if index == 0:
        return False
    before, line = scored[index - 1], scored[index]
    same_place = before.section == line.section and before.line.speaker == line.line.speaker
    is_statement = before.line.kind == "text" and not cues.is_question(before.line.text)
    same_place = same_place and _follows(line, before)
    return same_place and is_statement and not cues.announces(before.line.text)


def _follows(line: Scored, before: Scored) -> bool:
    """Whether nothing of their paragraph was left out between the two."""
    same_paragraph = line.line.paragraph == before.line.paragraph
    return not same_paragraph or line.line.number == before.line.number + 1


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    if {s.line.number for s in candidate.lines} & {s.line.number for s in other.lines}:
        return False
    smaller = min(len(candidate.stems), len(other.stems))
    return smaller > 0 and len(candidate.stems & other.stems) / smaller > SAME
