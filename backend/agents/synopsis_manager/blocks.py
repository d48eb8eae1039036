"""Cuts a material's text into blocks: headings, paragraphs, list items, code.

One reader for Markdown, MDX, reStructuredText, plain text and transcripts, since what people
upload is a mixture. Offsets are those of the material's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from backend.agents.synopsis_manager.front_matter import FRONT_TITLE, front_matter
from backend.agents.synopsis_manager.lines import Line, lines_of
from backend.agents.synopsis_manager.markup import visible
from backend.agents.synopsis_manager.speakers import SPEAKER, speakers_of

BlockKind = Literal["heading", "paragraph", "item", "code"]


@dataclass(frozen=True)
class Block:
    """Characters `start` to `end` of the text.

    `level` is a heading's rank (1 the highest) or an item's depth; `language` belongs to code;
    `speaker` to a turn of a conversation.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 1
    ordered: bool = False
    language: str = ""
    speaker: str = ""


_FENCE = re.compile(r"(`{3,}|~{3,})\s*(?:\{?\.?([\w+#-]*))?")
_ATX = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_UNDERLINE = re.compile(r"([=\-~^\"'*+#.])\1{2,}$")
_RULE = re.compile(r"(?:[-*_=+|:]\s?){3,}$")
_TABLE = re.compile(r"\|.*\||[+|][-=+|:\s]{3,}$")
_ITEM = re.compile(r"([-*+•·▪]|\d{1,3}[.)])\s+(?=\S)")
_DIRECTIVE = re.compile(r"\.\.(?:\s+(?P<name>[\w-]+)::\s*(?P<rest>.*))?")
_TITLE_LINE = re.compile(
    r"(?:(?i:chapter|part|section|lecture|глава|часть|раздел|лекция|тема)\s+[\dIVXLC]+\b.*"
    r"|\d{1,2}(?:(?:\.\d{1,2}){1,3}\.?)?\s+[A-ZА-ЯЁ][^/@]*)$"
)
_CODE_LIKE = re.compile(
    r"[{};]\s*$|^(?:def|class|import|from|fn|let|const|var|func|return|for|if|while|SELECT|>>>|\$)\b"
    r"|=>|->|::\w|\w\(.*\)\s*$|\s[=!+*/-]?=\s",
)
_INCLUDE = re.compile(r"\{\{#[^}]*\}\}$")
_LONGEST_HEADING_CHARS, _LONGEST_UNDERLINED_CHARS = 200, 120


def blocks_of(text: str) -> list[Block]:
    """The blocks of `text` in order. What isn't prose or code (tables, rules, tags) is left out."""
    return _Reader(text).read()


class _Reader:
    """Goes through the lines once; each method that takes a block says where to go on."""

    def __init__(self, text: str) -> None:
        seen = visible(text)
        self.text = text
        self.lines = lines_of(seen, text)
        self.speakers = speakers_of(seen)
        self.below_title = 0
        self.blocks: list[Block] = []
        self.underlines: list[str] = []
        self.in_list = False
        self.turn_of = ""

    def read(self) -> list[Block]:
        index = self._after_front_matter()
        while index < len(self.lines):
            line = self.lines[index]
            if line.is_blank:
                index += 1
                continue
            for take in (
                self._fenced_code,
                self._indented_code,
                self._atx_heading,
                self._directive,
                self._underlined_heading,
                self._not_prose,
                self._title_line,
                self._item,
                self._paragraph,
            ):
                following = take(index)
                if following is not None:
                    index = following
                    break
        return self.blocks

    def _line(self, index: int) -> Line | None:
        return self.lines[index] if 0 <= index < len(self.lines) else None

    def _blank(self, index: int) -> bool:
        line = self._line(index)
        return line is None or line.is_blank

    def _after_front_matter(self) -> int:
        """A title in the front matter becomes the first heading, above all others."""
        start, end = front_matter(self.lines)
        for line in self.lines[start:end]:
            title = FRONT_TITLE.match(line.text)
            if title and not line.indent:
                self._add_heading(line, 1, title.start("title"), title.end("title"))
                self.below_title = 1
                break
        return end

    def _fenced_code(self, index: int) -> int | None:
        line = self.lines[index]
        fence = _FENCE.match(line.text)
        if fence is None:
            return None
        end = index + 1
        while end < len(self.lines) and not self.lines[end].text.startswith(fence[1]):
            end += 1
        self._add_code(index + 1, end, (fence[2] or "").lower())
        return end + 1

    def _add_code(self, first: int, end: int, language: str) -> None:
        while first < end and self._is_no_code(first):
            first += 1
        while end > first and self._is_no_code(end - 1):
            end -= 1
        if first < end:
            start = self.lines[first].start - self.lines[first].indent
            self._add(Block("code", start, self.lines[end - 1].end, language=language))

    def _add(self, block: Block) -> None:
        """The first block of a turn that begins with a name alone has its speaker, too."""
        self.blocks.append(replace(block, speaker=block.speaker or self.turn_of))
        self.turn_of = ""

    def _is_no_code(self, index: int) -> bool:
        text = self.lines[index].text
        return not text or bool(_INCLUDE.match(text))

    def _atx_heading(self, index: int) -> int | None:
        line = self.lines[index]
        match = _ATX.match(line.text)
        if match is None or not match[2] or len(match[2]) > _LONGEST_HEADING_CHARS:
            return None
        self._add_heading(line, len(match[1]), match.start(2), match.end(2))
        return index + 1

    def _add_heading(self, line: Line, level: int, start: int, end: int) -> None:
        self.in_list = False
        rank = level + self.below_title
        self._add(Block("heading", line.start + start, line.start + end, rank))

    def _directive(self, index: int) -> int | None:
        """reStructuredText's "..": code and admonitions are read, anything else is passed over."""
        line = self.lines[index]
        match = _DIRECTIVE.match(line.text)
        if match is None or line.text.startswith("..."):
            return None
        end = index + 1
        while end < len(self.lines) and (self._blank(end) or self.lines[end].indent > line.indent):
            end += 1
        name = match["name"] or ""
        if name in ("code-block", "code", "sourcecode"):
            body = index + 1
            while body < end and self.lines[body].text.startswith(":"):
                body += 1
            self._add_code(body, end, match["rest"].strip().lower())
        elif name in ("note", "warning", "important", "caution", "tip", "attention"):
            self._paragraph(index + 1 if not match["rest"] else index)
        return end

    def _underlined_heading(self, index: int) -> int | None:
        line, below = self.lines[index], self._line(index + 1)
        if _UNDERLINE.match(line.text) and below is not None and not below.is_blank:
            closing = self._line(index + 2)
            if closing is not None and closing.text == line.text:
                return self._underlined_heading(index + 1)
        if below is None or _UNDERLINE.match(line.text) or not _UNDERLINE.match(below.text):
            return None
        mark = below.text[0]
        too_short = mark not in "=-" and len(below.text) < 0.7 * len(line.text)
        too_long = len(line.text) > _LONGEST_UNDERLINED_CHARS
        if too_short or too_long or line.indent or _ITEM.match(line.text):
            return None
        if mark not in self.underlines:
            self.underlines.append(mark)
        self._add_heading(line, self.underlines.index(mark) + 1, 0, len(line.text))
        return index + 2

    def _not_prose(self, index: int) -> int | None:
        text = self.lines[index].text
        return index + 1 if _RULE.match(text) or _TABLE.match(text) else None

    def _title_line(self, index: int) -> int | None:
        """A short line of its own that is numbered like a chapter, or in capitals."""
        line = self.lines[index]
        if not (self._blank(index - 1) and self._blank(index + 1)) or line.indent:
            return None
        short = len(line.text) <= 80 and len(line.text.split()) <= 10
        if not short or line.text[-1] in ".,;:!?…":
            return None
        letters = [letter for letter in line.text if letter.isalpha()]
        shouts = len(letters) > 5 and line.text.isupper()
        if not shouts and not _TITLE_LINE.match(line.text):
            return None
        self._add_heading(line, 2, 0, len(line.text))
        return index + 1

    def _item(self, index: int) -> int | None:
        line = self.lines[index]
        match = _ITEM.match(line.text)
        if match is None:
            return None
        end = index + 1
        while not self._starts_block(end):
            end += 1
        self.in_list = True
        self._add(
            Block(
                "item",
                line.start + match.end(),
                self.lines[end - 1].end,
                level=1 + line.indent // 2,
                ordered=match[1][0].isdigit(),
            )
        )
        return end

    def _starts_block(self, index: int) -> bool:
        line = self._line(index)
        if line is None or line.is_blank:
            return True
        markers = (_ITEM, _FENCE, _ATX, _TABLE, _RULE)
        return any(m.match(line.text) for m in markers) or self._speaker(line) is not None

    def _speaker(self, line: Line) -> re.Match[str] | None:
        match = SPEAKER.match(line.text) if self.speakers and not line.indent else None
        return match if match and match["name"] in self.speakers else None

    def _indented_code(self, index: int) -> int | None:
        line = self.lines[index]
        if not line.indent or not self._blank(index - 1):
            return None
        announced = self._is_announced(index)
        if not announced and (line.indent < 4 or (self.in_list and line.indent < 8)):
            return None
        end = index
        while end < len(self.lines) and (self._blank(end) or self.lines[end].indent >= line.indent):
            end += 1
        code = [candidate.text for candidate in self.lines[index:end] if candidate.text]
        if not announced and sum(bool(_CODE_LIKE.search(text)) for text in code) * 2 < len(code):
            return None
        self._add_code(index, end, "")
        return end

    def _is_announced(self, index: int) -> bool:
        """Whether the text before `index` ends with rST's "::" and stands further out."""
        before = index - 1
        while before >= 0 and self._blank(before):
            before -= 1
        if before < 0 or not self.lines[before].text.endswith("::"):
            return False
        return self.lines[before].indent < self.lines[index].indent

    def _paragraph(self, index: int) -> int:
        line = self.lines[index]
        turn = self._speaker(line)
        end = index + 1
        while not self._starts_block(end) and not self._is_underlined(end):
            end += 1
        start = line.start + (turn.end() if turn else 0)
        if not line.indent:
            self.in_list = False
        speaker = turn["name"] if turn else ""
        if start >= self.lines[end - 1].end:
            self.turn_of = speaker
        else:
            self._add_paragraph(start, self.lines[end - 1].end, line.text, speaker)
        return end

    def _add_paragraph(self, start: int, end: int, text: str, speaker: str) -> None:
        """A paragraph that begins in the middle of a sentence belongs to the one before it."""
        before = self.blocks[-1] if self.blocks else None
        goes_on = text[:1].islower() and not speaker and before is not None
        if goes_on and before is not None and before.kind == "paragraph":
            last = self.text[before.start : before.end].rstrip("\"'»”)*_`")[-1:]
            if last.isalnum() or last in ",-–—":
                self.blocks[-1] = replace(before, end=end)
                return
        self._add(Block("paragraph", start, end, speaker=speaker))

    def _is_underlined(self, index: int) -> bool:
        below = self._line(index + 1)
        return below is not None and bool(_UNDERLINE.match(below.text))
