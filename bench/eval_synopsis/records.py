"""The reference summaries, and which of them nothing may be tuned on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.eval_synopsis.rouge import tokens


@dataclass(frozen=True)
class Record:
    """A text with what people wrote as its summary. `topics` are the subjects of a meeting."""

    id: str
    language: str
    kind: str
    source: str
    references: tuple[str, ...]
    topics: tuple[str, ...]

    @cached_property
    def reference_tokens(self) -> list[list[str]]:
        return [tokens(reference) for reference in self.references]

    @cached_property
    def reference_counts(self) -> list[Counter[str]]:
        return [Counter(reference) for reference in self.reference_tokens]

    @property
    def budget(self) -> int:
        """Words that every contender may use: as many as the first reference has."""
        return len(self.reference_tokens[0])

    @property
    def is_held_out(self) -> bool:
        """Every second record, by its id: weights and rules were tuned on the others alone."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 2 == 1


def read_records(folder: Path, names: Sequence[str]) -> Iterator[Record]:
    """The records of `<name>.jsonl` for each name."""
    for name in names:
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            yield Record(
                id=found["id"],
                language=found["language"],
                kind=found["kind"],
                source=found["source"],
                references=tuple(found["references"]),
                topics=tuple(found.get("topics") or ()),
            )
