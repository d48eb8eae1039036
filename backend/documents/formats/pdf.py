"""PDF to text: opened carefully, page by page within a time limit, laid out as Markdown."""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pypdf import PageObject, PdfReader
from pypdf.errors import FileNotDecryptedError, LimitReachedError

from backend.documents.cleaning import is_blank
from backend.documents.errors import (
    CorruptDocument,
    DocumentTooLarge,
    DocumentTooSlow,
    EncryptedDocument,
    ScannedDocument,
)
from backend.documents.formats.extracted import Extracted
from backend.documents.formats.pdf_furniture import drop_furniture
from backend.documents.formats.pdf_lines import Line, page_lines
from backend.documents.formats.pdf_paragraphs import paragraphs
from backend.documents.formats.pdf_words import plain_letters

MAX_PAGES = 2_000
MAX_READING_S = 60.0
_FEWEST_LETTERS_A_PAGE = 12
_JUNK_TITLE = re.compile(
    r"(?i)^(microsoft (word|powerpoint)|untitled|без имени|document\d*|презентация|"
    r".*\.(docx?|tex|dvi|indd|qxd|pptx?|pdf)$)"
)

logging.getLogger("pypdf").setLevel(logging.ERROR)


def read_pdf(filename: str, data: bytes, *, max_chars: int) -> Extracted:
    """The text of a PDF, without what repeats on its pages.

    Raises:
        EncryptedDocument, CorruptDocument, ScannedDocument: as their names say.
        DocumentTooLarge: more than `MAX_PAGES` pages or `max_chars` characters.
        DocumentTooSlow: the pages take more than `MAX_READING_S` seconds.
    """
    reader = _open(filename, data)
    pages = _read_pages(filename, reader, max_chars)
    letters = sum(c.isalpha() for page in pages for line in page for c in line.text)
    if letters < _FEWEST_LETTERS_A_PAGE * min(len(pages), 5) and _has_pictures(reader):
        raise ScannedDocument(
            f"“{filename}” has no text layer: its pages are pictures. Run OCR first (for example "
            "“ocrmypdf in.pdf out.pdf”) and upload the result."
        )
    lines = [line for page in drop_furniture(pages) for line in page]
    return Extracted("\n\n".join(paragraphs(lines)), _title(reader))


def _open(filename: str, data: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedDocument(
                f"“{filename}” is protected by a password. Save a copy without the password and "
                "upload that."
            )
        count = len(reader.pages)
    except EncryptedDocument:
        raise
    except FileNotDecryptedError as error:
        raise EncryptedDocument(
            f"“{filename}” is encrypted in a way that can't be read."
        ) from error
    except Exception as error:  # pypdf lets any built-in error out on broken files
        raise _corrupt(filename) from error
    if count == 0:
        raise _corrupt(filename)
    if count > MAX_PAGES:
        raise DocumentTooLarge(
            f"“{filename}” has {count} pages; the limit is {MAX_PAGES}. Upload a part of it."
        )
    return reader


def _read_pages(filename: str, reader: PdfReader, max_chars: int) -> list[list[Line]]:
    deadline = time.monotonic() + MAX_READING_S
    pages: list[list[Line]] = []
    characters = failed = 0
    for number in range(len(reader.pages)):
        try:
            with _pypdf_failures():
                lines = _read_page(reader.pages[number])
        except _BrokenPart as broken:  # one broken page doesn't cost the rest
            if isinstance(broken.__cause__, (LimitReachedError, MemoryError)):
                raise DocumentTooLarge(
                    f"“{filename}” holds a page that unpacks to more data than can be read."
                ) from broken
            failed, lines = failed + 1, []
        pages.append(lines)
        characters += sum(len(line.text) for line in lines)
        if characters > 2 * max_chars:
            raise DocumentTooLarge(
                f"“{filename}” holds more than {max_chars:,} characters. Upload it in parts."
            )
        if time.monotonic() > deadline:
            raise DocumentTooSlow(
                f"“{filename}” takes more than {MAX_READING_S:.0f} seconds to read. Upload it in "
                "parts or as plain text."
            )
    if failed > 0.5 * len(pages):
        raise _corrupt(filename)
    return pages


def _read_page(page: PageObject) -> list[Line]:
    lines = []
    for line in page_lines(page):
        text = plain_letters(line.text)
        if not is_blank(text):
            lines.append(Line(text, line.x, line.y, line.size, line.is_bold, line.is_monospace))
    return lines


def _has_pictures(reader: PdfReader) -> bool:
    try:
        with _pypdf_failures():
            return any(_draws_objects(page) for page in reader.pages[:5])
    except _BrokenPart:  # all that is certain is that there is no text
        return True


def _draws_objects(page: PageObject) -> bool:
    resources = page.get("/Resources")
    return resources is not None and bool(resources.get_object().get("/XObject"))


def _corrupt(filename: str) -> CorruptDocument:
    return CorruptDocument(
        f"“{filename}” is damaged or cut off and can't be read as a PDF. Download or export it "
        "again."
    )


def _title(reader: PdfReader) -> str | None:
    try:
        with _pypdf_failures():
            title = (reader.metadata.title or "").strip() if reader.metadata else ""
    except _BrokenPart:
        return None
    return None if not title or _JUNK_TITLE.match(title) else title


class _BrokenPart(Exception):
    """pypdf failed on a part of the file."""


@contextmanager
def _pypdf_failures() -> Iterator[None]:
    """On broken files pypdf lets out any built-in error: they all become `_BrokenPart`."""
    try:
        yield
    except Exception as error:
        raise _BrokenPart from error
