"""Punctuated texts as a raw transcript has them, with the places where their sentences end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.agents.synopsis_manager.blocks import blocks_of
from backend.agents.synopsis_manager.markup import prose, visible
from backend.agents.text.language import Language
from backend.agents.text.sentences import marked_spans
from backend.agents.text.speech import without_stage_directions

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_WORD_OR_MARK = re.compile(rf"{_WORD.pattern}|[,;:—–…]|--|\.\.\.| - ")
_FEWEST_WORDS = 300
_LONG = {"ru": ("long_ru_gogol_dead_souls.txt", "long_ru_turgenev_fathers_and_sons.txt"), "en": ()}
# Never trained on: whole series of meetings, podcasts, talks and chapters.
_HELD_OUT = {
    "en": ("ES2009", "TS3004c", "practical-ai-88", "the-changelog-366", "ch16_", "pep-0703"),
    "ru": ("talks_ru_2", "file/itmo", "ch16", "ru_fonts", "explaining-bsd"),
}
# The same text twice, or the same as one held out in another form.
_PASSED_OVER = ("file/ami_meeting_ES2004a", "file/rust_book_ru_ch04", "pep_0703")


@dataclass(frozen=True)
class Stripped:
    """The words of a text in lower case.

    `ends` are the indices of those that end a sentence, `commas` of those with another mark.
    """

    name: str
    words: tuple[str, ...]
    ends: frozenset[int]
    commas: frozenset[int]

    def is_held_out(self, language: Language) -> bool:
        return any(part in self.name for part in _HELD_OUT[language])


def stripped_texts(language: Language) -> list[Stripped]:
    """All texts of the language that are long enough."""
    texts = (_stripped(name, text) for name, text in _named_texts(language))
    return [text for text in texts if len(text.words) >= _FEWEST_WORDS]


def _named_texts(language: Language) -> Iterator[tuple[str, str]]:
    for line in (DATA / "refs" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield f"{record['kind']}/{record['id']}", record["source"]
    for file in sorted((DATA / language).iterdir()):
        if not any(part in f"file/{file.name}" for part in _PASSED_OVER):
            yield f"file/{file.name}", file.read_text(encoding="utf-8")
    for name in _LONG[language]:
        yield f"file/{name}", (DATA / "awkward" / name).read_text(encoding="utf-8")


def _stripped(name: str, text: str) -> Stripped:
    seen = visible(text)
    words: list[str] = []
    ends, commas = set(), set()
    for block in blocks_of(text):
        if block.kind in ("code", "heading"):
            continue
        said = seen[block.start : block.end]
        for start, end in marked_spans(said):
            before = len(words)
            for found in _WORD_OR_MARK.findall(prose(without_stage_directions(said[start:end]))):
                if _WORD.fullmatch(found):
                    words.append(found.lower().replace("’", "'"))
                elif len(words) > before:
                    commas.add(len(words) - 1)
            if len(words) > before:
                ends.add(len(words) - 1)
    return Stripped(name, tuple(words), frozenset(ends), frozenset(commas - ends))
