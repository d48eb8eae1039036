"""Notes as PDF, with fonts of our own: a server has none that could be relied on.

The fonts have Latin, Greek and Cyrillic; a character that none of them has shows as a box.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, XPreformatted

from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    SynopsisItem,
)
from backend.exports.notes import ExportedNotes, NumberedItem, printable

_SANS, _BOLD, _MONO = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"
_ACCENT, _GREY, _WARN = "#1b6650", "#55645d", "#855600"
_HEADING_SIZES_PT = {1: 15, 2: 13, 3: 11.5, 4: 10.5}
# A line of code that is longer is broken: on paper nobody can scroll.
_CODE_COLUMNS = 88

_TEXT = ParagraphStyle("text", fontName=_SANS, fontSize=10, leading=15, spaceAfter=6)
_TITLE = ParagraphStyle("title", _TEXT, fontName=_BOLD, fontSize=20, leading=26, spaceAfter=12)
_POINT = ParagraphStyle("point", _TEXT, leftIndent=16, bulletIndent=4, spaceAfter=2)
_DEFINITION = ParagraphStyle(
    "definition", _TEXT, leftIndent=8, borderColor=HexColor(_ACCENT), borderPadding=(0, 0, 0, 6)
)
_NOTE = ParagraphStyle(
    "note", _TEXT, backColor=HexColor("#e2f0ea"), borderPadding=6, spaceBefore=6, spaceAfter=12
)
_CODE = ParagraphStyle(
    "code",
    _TEXT,
    fontName=_MONO,
    fontSize=8,
    leading=11,
    backColor=HexColor("#eef2f0"),
    borderPadding=6,
    spaceBefore=8,
    spaceAfter=12,
)
_SOURCE = ParagraphStyle(
    "source", _TEXT, fontSize=8, leading=11, textColor=HexColor(_GREY), spaceAfter=3
)


def to_pdf(notes: ExportedNotes) -> bytes:
    """A PDF on A4 pages with page numbers. All text is text, whatever it holds."""
    _fonts()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=printable(notes.title),
        lang=notes.language,
        # The same notes are the same bytes.
        invariant=1,
    )
    document.build(list(_flow(notes)), onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


@cache
def _fonts() -> None:
    folder = files("backend.exports").joinpath("fonts")
    for name in (_SANS, _BOLD, _MONO):
        with as_file(folder.joinpath(f"{name}.ttf")) as path:
            registerFont(TTFont(name, str(path)))
    registerFontFamily(_SANS, normal=_SANS, bold=_BOLD, italic=_SANS, boldItalic=_BOLD)


def _number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(_SANS, 8)
    canvas.setFillColor(HexColor(_GREY))
    canvas.drawCentredString(A4[0] / 2, 10 * mm, str(document.page))


def _flow(notes: ExportedNotes) -> Iterator[Flowable]:
    yield Paragraph(_text(notes.title), _TITLE)
    for each in notes.items:
        yield from _item(each, notes)
    if notes.sources:
        yield _heading(notes.word("sources"), 1)
    for source in notes.sources:
        told = _text(notes.word("deleted"))
        if source.title is not None:
            told = f"<b>{_text(source.title)}</b>: {_text(source.passage)}"
        yield Paragraph(f'<a name="s{source.number}"/>[{source.number}] {told}', _SOURCE)


def _item(each: NumberedItem, notes: ExportedNotes) -> Iterator[Flowable]:
    if isinstance(each.item, HeadingItem):
        yield _heading(each.item.text, each.item.level)
        return
    marks = "".join(
        f' <a href="#s{n}" color="{_ACCENT}"><font size="7">[{n}]</font></a>' for n in each.numbers
    )
    if remark := notes.remark_on(each.item):
        marks += f' <font size="8" color="{_WARN}">({_text(remark)})</font>'
    yield from _body(each.item, marks, notes)


def _body(item: SynopsisItem, marks: str, notes: ExportedNotes) -> Iterator[Flowable]:
    match item:
        case DefinitionItem():
            said = f"<b>{_text(item.term)}</b> — {_text(item.text)}"
            yield Paragraph(said + marks, _DEFINITION)
        case ListItem():
            for number, point in enumerate(item.items, 1):
                mark = f"{number}." if item.ordered else "•"
                last = marks if number == len(item.items) else ""
                yield Paragraph(_text(point) + last, _POINT, bulletText=mark)
        case CodeItem():
            yield XPreformatted("\n".join(map(_text, _lines(item.text))), _CODE)
            if marks:
                yield Paragraph(marks, _TEXT)
        case NoteItem():
            yield Paragraph(f"<b>{_text(notes.word('note'))}.</b> {_text(item.text)}{marks}", _NOTE)
        case _:
            yield Paragraph(_text(item.text) + marks, _TEXT)


def _heading(text: str, level: int) -> Paragraph:
    size = _HEADING_SIZES_PT[level]
    style = ParagraphStyle(
        f"heading{level}",
        _TEXT,
        fontName=_BOLD,
        fontSize=size,
        leading=size * 1.3,
        spaceBefore=size,
        keepWithNext=True,
    )
    return Paragraph(_text(text), style)


def _lines(code: str) -> Iterator[str]:
    for line in code.expandtabs(4).splitlines():
        for start in range(0, max(1, len(line)), _CODE_COLUMNS):
            yield line[start : start + _CODE_COLUMNS]


def _text(text: str) -> str:
    """As reportlab's markup shows it letter for letter."""
    return escape(printable(text))
