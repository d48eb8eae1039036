"""PDFs whose parts point at themselves are read or refused, and nobody goes round and round."""

from __future__ import annotations

import pytest

from backend.documents.errors import DocumentRefused
from backend.documents.reader import read_document

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
WORDS = b"BT /F1 12 Tf 72 700 Td (A queue keeps tasks.) Tj ET"


def page(contents: bytes, resources: bytes = b"") -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %s /Resources << %s >> >>"
        % (contents, resources)
    )


def stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(content), content)


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the root."""
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (
        len(objects) + 1,
        trailer.replace(b"TABLE", b"%d" % table),
    )
    return bytes(made) + b"startxref\n%d\n%%%%EOF\n" % table


FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
OUTLINE = b"<< /Title (x) /Next 7 0 R /First 7 0 R /Parent 6 0 R >>"
LOOPS = {
    "a page tree": pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "two page trees": pdf(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        b"<< /Type /Pages /Kids [4 0 R 4 0 R] /Count 2 >>",
        b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
    ),
    "parents": pdf(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 3 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        stream(WORDS),
    ),
    "a reference": pdf(CATALOG, b"2 0 R"),
    "contents": pdf(CATALOG, ONE_PAGE, page(b"4 0 R"), b"[4 0 R 4 0 R]"),
    "a form in itself": pdf(
        CATALOG,
        ONE_PAGE,
        page(b"4 0 R", b"/XObject << /X 5 0 R >>"),
        stream(b"/X Do"),
        stream(b"/X Do /X Do", FORM),
    ),
    "a font's map": pdf(
        CATALOG,
        ONE_PAGE,
        page(b"4 0 R", b"/Font << /F1 5 0 R >>"),
        stream(WORDS),
        FONT.replace(b">>", b"/ToUnicode 5 0 R /Encoding 6 0 R >>"),
        b"6 0 R",
    ),
    "an earlier table": pdf(
        CATALOG,
        ONE_PAGE,
        page(b"4 0 R", b"/Font << /F1 5 0 R >>"),
        stream(WORDS),
        FONT,
        trailer=b"/Prev TABLE",
    ),
    "an outline": pdf(
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
        ONE_PAGE,
        page(b"4 0 R", b"/Font << /F1 5 0 R >>"),
        stream(WORDS),
        FONT,
        b"<< /First 7 0 R /Last 7 0 R >>",
        OUTLINE,
    ),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("what", LOOPS)
def test_a_loop_is_read_or_refused_in_time(what: str) -> None:
    try:
        outcome = read_document("loop.pdf", None, LOOPS[what]).text
    except DocumentRefused as refusal:
        outcome = refusal.code
    assert outcome == "A queue keeps tasks." or outcome.startswith("material_")


def test_these_files_are_whole_but_for_their_loops() -> None:
    whole = pdf(CATALOG, ONE_PAGE, page(b"4 0 R", b"/Font << /F1 5 0 R >>"), stream(WORDS), FONT)
    assert read_document("whole.pdf", None, whole).text == "A queue keeps tasks."
