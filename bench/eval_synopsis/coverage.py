"""How many subjects of a meeting the notes touch, at the length they have by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.agents.text.words import content_stems
from bench.eval_synopsis.contenders import lexrank
from bench.eval_synopsis.memo import Memo
from bench.eval_synopsis.ours import notes_on, text_of
from bench.eval_synopsis.records import Record
from bench.eval_synopsis.rouge import tokens

# Every topic of a meeting is a discussion of something.
_SAY_NOTHING = frozenset(
    content_stems("meeting discussion introduction review summary presentation overview agenda")
)


@dataclass
class Coverage:
    """Topics, and how many of them ours and LexRank's notes of the same length touch."""

    meetings: int = 0
    topics: int = 0
    ours: int = 0
    lexrank: int = 0
    words: list[int] = field(default_factory=list)

    async def add(self, record: Record, memo: Memo) -> None:
        notes = text_of(await notes_on(record.source), record.source)
        length = len(tokens(notes))
        rival = " ".join(tokens(memo.pick(lexrank, record, length))[:length])
        self.meetings += 1
        self.topics += len(record.topics)
        self.words.append(length)
        self.ours += _touched(record.topics, notes)
        self.lexrank += _touched(record.topics, rival)


def _touched(topics: tuple[str, ...], notes: str) -> int:
    """Topics of whose telling words the notes have more than half."""
    said = set(content_stems(notes))
    wanted = [set(content_stems(topic)) - _SAY_NOTHING for topic in topics]
    return sum(len(stems & said) * 2 > len(stems) or not stems for stems in wanted)


def coverage_table(found: Coverage) -> str:
    mean_words = sum(found.words) // found.meetings
    return (
        f"topics of {found.meetings} meetings touched by notes of {mean_words} words on average: "
        f"ours {found.ours} of {found.topics} ({found.ours / found.topics:.0%}), "
        f"LexRank {found.lexrank} ({found.lexrank / found.topics:.0%})"
    )
