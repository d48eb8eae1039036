"""Word documents to Markdown: headings, paragraphs, lists and tables in document order.

python-docx opens the package; the text is taken from the elements, because its paragraphs leave
out tracked insertions, content controls and formulas.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import groupby

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from backend.documents.errors import CorruptDocument, DocumentTooLarge
from backend.documents.formats.extracted import Extracted
from backend.documents.formats.hard_wraps import is_hard_wrapped, unwrapped

MAX_UNPACKED_BYTES = 150_000_000
MAX_RATIO = 300
MAX_ENTRIES = 5_000
_SMALL_ENTRY_BYTES = 1_000_000
_CODE_STYLE = re.compile(r"code|source|preformat|listing|plain text|macro", re.IGNORECASE)
_HEADING_STYLE = re.compile(r"(?:heading|заголовок)\s*(\d)", re.IGNORECASE)
_LAST_LEVEL = 6

_P, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_STRUCTURED, _STRUCTURED_CONTENT = qn("w:sdt"), qn("w:sdtContent")
_SPACES = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_TEXTS = {qn("w:t"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"}
_NOT_TEXT = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(filename: str, data: bytes) -> Extracted:
    """The text of a Word document as Markdown.

    Raises:
        DocumentTooLarge: the package unpacks to more than a document ever does.
        CorruptDocument: a part is missing or damaged.
    """
    _guard_against_bombs(filename, data)
    try:
        document = docx.Document(io.BytesIO(data))
        blocks = list(_Body(document).blocks())
        title = (document.core_properties.title or "").strip() or None
    except Exception as error:  # python-docx lets any built-in error out on broken packages
        raise CorruptDocument(
            f"“{filename}” is damaged and can't be read as a Word document. Open it in Word and "
            "save a new copy."
        ) from error
    return Extracted("\n\n".join(_joined(blocks)), title)


def _guard_against_bombs(filename: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = any(
        entry.file_size > _SMALL_ENTRY_BYTES
        and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
        for entry in entries
    )
    if is_bomb or unpacked > MAX_UNPACKED_BYTES or len(entries) > MAX_ENTRIES:
        raise DocumentTooLarge(
            f"“{filename}” unpacks to {unpacked / 1_000_000:,.0f} MB in {len(entries)} parts, more "
            "than a document needs. Save the text as a new .docx without its pictures."
        )


class _Body:
    """Walks the body; yields (kind, Markdown), kind being "item", "code", "plain" or ""."""

    def __init__(self, document: WordDocument) -> None:
        self._body = document.element.body
        self._style_names = {style.style_id: style.name or "" for style in document.styles}
        self._numbered = _numbered_lists(document)

    def blocks(self) -> Iterator[tuple[str, str]]:
        yield from self._blocks_of(self._body)

    def _blocks_of(self, parent: BaseOxmlElement) -> Iterator[tuple[str, str]]:
        for child in parent:
            if child.tag == _P:
                yield from self._paragraph(child)
            elif child.tag == _TABLE:
                yield from self._table(child)
            elif child.tag == _STRUCTURED:
                for content in child.iterchildren(_STRUCTURED_CONTENT):
                    yield from self._blocks_of(content)

    def _paragraph(self, paragraph: BaseOxmlElement) -> Iterator[tuple[str, str]]:
        text = _text_of(paragraph)
        style = self._style_names.get(_value(paragraph, "w:pPr/w:pStyle") or "", "")
        if not text.strip() or style.lower().startswith("toc "):
            return
        if _CODE_STYLE.search(style):
            yield "code", text.rstrip()
            return
        heading = _HEADING_STYLE.match(style)
        if heading or style.lower() == "title":
            level = min(int(heading.group(1)) if heading else 1, _LAST_LEVEL)
            yield "", "#" * level + " " + " ".join(text.split())
        elif mark := self._item_mark(paragraph, style):
            yield "item", f"{mark} {_tidy(text)}"
        else:
            yield "plain", text.rstrip()

    def _item_mark(self, paragraph: BaseOxmlElement, style: str) -> str | None:
        number = _value(paragraph, "w:pPr/w:numPr/w:numId")
        level = int(_value(paragraph, "w:pPr/w:numPr/w:ilvl") or 0)
        if number not in (None, "0"):
            return "  " * level + ("1." if (number, str(level)) in self._numbered else "-")
        if style.lower().startswith("list number"):
            return "1."
        return "-" if style.lower().startswith("list") else None

    def _table(self, table: BaseOxmlElement) -> Iterator[tuple[str, str]]:
        rows = [list(row.iterchildren(_CELL)) for row in table.iterchildren(_ROW)]
        if max((len(row) for row in rows), default=0) == 1:
            for row in rows:
                yield from self._blocks_of(row[0])
            return
        texts = [[_cell_text(cell) for cell in row] for row in rows]
        lines = ["| " + " | ".join(row) + " |" for row in texts if any(row)]
        if lines:
            lines.insert(1, "|" + " --- |" * max(len(row) for row in texts))
            yield "", "\n".join(lines)


def _text_of(element: BaseOxmlElement) -> str:
    if element.tag in _TEXTS:
        return element.text or ""
    if element.tag in _SPACES:
        return _SPACES[element.tag]
    if element.tag in _NOT_TEXT or element.tag == _FALLBACK:
        return ""
    return "".join(_text_of(child) for child in element if isinstance(child.tag, str))


def _cell_text(cell: BaseOxmlElement) -> str:
    texts = (" ".join(_text_of(paragraph).split()) for paragraph in cell.iter(_P))
    return " ".join(text for text in texts if text).replace("|", "\\|")


def _value(element: BaseOxmlElement, path: str) -> str | None:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return None if found is None else found.get(qn("w:val"))


def _numbered_lists(document: WordDocument) -> set[tuple[str | None, str]]:
    """The (list id, level) pairs that count; the others have bullets."""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return set()
    counting: dict[str | None, set[str]] = {}
    for abstract in numbering.iterchildren(qn("w:abstractNum")):
        counting[abstract.get(qn("w:abstractNumId"))] = {
            level.get(qn("w:ilvl"), "0")
            for level in abstract.iterchildren(qn("w:lvl"))
            if _value(level, "w:numFmt") not in ("bullet", "none", None)
        }
    return {
        (number.get(qn("w:numId")), level)
        for number in numbering.iterchildren(qn("w:num"))
        for level in counting.get(_value(number, "w:abstractNumId"), set())
    }


def _joined(blocks: list[tuple[str, str]]) -> Iterator[str]:
    """Neighbouring list items become one block, neighbouring code lines one fence.

    Text that was broken into lines before it came to Word is put together again.
    """
    plain = [text for kind, text in blocks if kind == "plain"]
    if is_hard_wrapped(plain):
        blocks = [("wrapped" if kind in ("plain", "item") else kind, t) for kind, t in blocks]
    for kind, run in groupby(blocks, key=lambda block: block[0]):
        texts = [text for _, text in run]
        if kind == "wrapped":
            yield from unwrapped(texts)
        elif kind == "code":
            yield "\n".join(["```", *texts, "```"])
        elif kind == "item":
            yield "\n".join(texts)
        else:
            yield from map(_tidy, texts) if kind == "plain" else texts


def _tidy(text: str) -> str:
    return text.strip() if "\n" in text else " ".join(text.split())
