"""Turns the chosen lines of a page into typed items, in the page's order."""

from __future__ import annotations

from collections.abc import Sequence

from backend.agents.synopsis_manager.extraction import wording
from backend.agents.synopsis_manager.extraction.sections import Section
from backend.agents.synopsis_manager.notes import DraftItem
from backend.agents.synopsis_manager.page import Line
from backend.agents.text import cues
from backend.agents.text.definitions import definition_in
from backend.agents.text.words import count_words

_LONGEST_PARAGRAPH_WORDS = 90
_FARTHEST_LINES = 5
_SHORTEST_SENTENCE_WORDS = 4
_LONGEST_CODE_LINES = 18
_SHORTEST_CODE_CHARS = 12
_PRINTOUTS = frozenset({"text", "output", "txt", "plain", "plaintext"})
_WORDS_PER_CODE_BLOCK = 400


def write(sections: Sequence[Section], chosen: set[int], is_conversation: bool) -> list[DraftItem]:
    """The items. Every heading is there, also of sections from which nothing was chosen."""
    words = sum(section.words for section in sections)
    code_left = max(1, words // _WORDS_PER_CODE_BLOCK)
    items: list[DraftItem] = []
    for section in sections:
        body = _SectionWriter(is_conversation).write(section.lines, chosen)
        code = _code_of(section, chosen, has_text=bool(body)) if code_left else None
        if code is not None:
            body.append(code)
            code_left -= 1
        if section.heading:
            items.append(
                DraftItem(
                    kind="heading",
                    text=section.heading,
                    level=max(1, min(4, section.level)),
                    cites=section.cites,
                )
            )
        items += body
    return items


class _SectionWriter:
    """Collects the chosen lines of one section into paragraphs, lists, definitions, notes."""

    def __init__(self, is_conversation: bool) -> None:
        self.is_conversation = is_conversation
        self.items: list[DraftItem] = []
        self.sentences: list[Line] = []
        self.points: list[Line] = []
        self.last_index = -9

    def write(self, lines: Sequence[Line], chosen: set[int]) -> list[DraftItem]:
        for index, line in enumerate(lines):
            if line.number not in chosen or line.kind == "code":
                continue
            if line.kind == "item":
                self._close_paragraph()
                self.points.append(line)
            else:
                self._close_list()
                self._add_sentence(line, is_near=index - self.last_index <= _FARTHEST_LINES)
            self.last_index = index
        self._close_paragraph()
        self._close_list()
        return self.items

    def _add_sentence(self, line: Line, is_near: bool) -> None:
        definition = None if self.is_conversation else definition_in(line.text)
        stands_alone = not cues.points_back(line.text) or not self.sentences
        if definition is not None and stands_alone:
            self._close_paragraph()
            self.items.append(
                DraftItem(
                    kind="definition",
                    term=definition.term,
                    text=cues.closed(definition.text),
                    cites=[line.number],
                )
            )
            return
        if wording.is_caveat(line.text) and not self.is_conversation and not self.sentences:
            text = cues.closed(wording.without_label(line.text))
            self.items.append(DraftItem(kind="note", text=text, cites=[line.number]))
            return
        words = sum(count_words(sentence.text) for sentence in self.sentences)
        other_speaker = bool(self.sentences) and self.sentences[-1].speaker != line.speaker
        too_long = words + count_words(line.text) > _LONGEST_PARAGRAPH_WORDS
        leads = cues.announces(line.text) and not cues.points_back(line.text)
        if not is_near or other_speaker or too_long or leads:
            self._close_paragraph()
        self.sentences.append(line)

    def _close_paragraph(self) -> None:
        if not self.sentences:
            return
        first, *others = self.sentences
        said = [cues.without_lead_in(first.text), *(line.text for line in others)]
        text = " ".join(cues.closed(sentence) for sentence in said)
        if self.is_conversation and first.speaker:
            text = f"{first.speaker}: {text}"
        cites = [line.number for line in self.sentences]
        self.items.append(DraftItem(kind="text", text=text, cites=cites))
        self.sentences = []

    def _close_list(self) -> None:
        if len(self.points) == 1:
            (point,) = self.points
            self.points = []
            if count_words(point.text) >= _SHORTEST_SENTENCE_WORDS:
                self.sentences = [point]
                self._close_paragraph()
        if not self.points:
            return
        self.items.append(
            DraftItem(
                kind="list",
                points=[point.text.rstrip(" ;,.") for point in self.points],
                ordered=all(point.ordered for point in self.points),
                cites=[point.number for point in self.points],
            )
        )
        self.points = []


def _code_of(section: Section, chosen: set[int], has_text: bool) -> DraftItem | None:
    """The first block short enough to read, of a section that has text or only code."""
    only_code = all(line.kind == "code" for line in section.lines)
    if not has_text and not only_code:
        return None
    for line in section.lines:
        if line.kind != "code":
            continue
        short = line.text.count("\n") < _LONGEST_CODE_LINES
        letters = sum(character.isalnum() for character in line.text)
        is_drawing = letters < 0.4 * len("".join(line.text.split()))
        is_printout = line.language in _PRINTOUTS
        readable = short and not is_printout and letters >= _SHORTEST_CODE_CHARS and not is_drawing
        if readable or only_code:
            return DraftItem(kind="code", cites=[line.number])
    return None
