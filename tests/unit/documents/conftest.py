"""Makes small documents for the reader's tests: PDFs and Word files, byte by byte or nearly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter

Placed = tuple[float, float, float, str]
"""A piece of text on a page: x, y and size in points, then the text."""


@pytest.fixture
def document_samples(samples: Path) -> Path:
    return samples / "documents"


@pytest.fixture
def make_pdf() -> Callable[[Sequence[Sequence[Placed]]], bytes]:
    return _pdf


@pytest.fixture
def make_locked_pdf() -> Callable[..., bytes]:
    def make(*, user_password: str, owner_password: str) -> bytes:
        writer = PdfWriter(
            clone_from=PdfReader(io.BytesIO(_pdf([[(50, 700, 12, "Locked words")]])))
        )
        writer.encrypt(user_password, owner_password, algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return make


@pytest.fixture
def word_file() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Операционные системы"
    document.add_heading("Процессы", level=1)
    document.add_paragraph("Процесс — это программа в работе.")
    document.add_paragraph("состояние", style="List Bullet")
    document.add_paragraph("приоритет", style="List Bullet")
    document.add_paragraph("создать", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Вызов", "Смысл", "fork", "копия | a"], strict=True):
        cell.text = text
    document.add_heading("Потоки", level=2)
    document.add_paragraph("Потоки делят память.")
    return _saved(document)


@pytest.fixture
def rezip() -> Callable[[bytes, str, bytes], bytes]:
    """A Word file with one of its parts replaced."""

    def make(data: bytes, part: str, content: bytes) -> bytes:
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(data)) as old,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                new.writestr(name, content if name == part else old.read(name))
        return out.getvalue()

    return make


def _saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pdf(pages: Sequence[Sequence[Placed]]) -> bytes:
    """A PDF whose pages draw the given pieces in the given order, in one Unicode font."""
    count = len(pages)
    kids = " ".join(f"{6 + 2 * index} 0 R" for index in range(count))
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H "
        "/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /DW 500 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(to_unicode),
    ]
    for index, page in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {7 + 2 * index} 0 R >>"
        )
        shown = " ".join(
            f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj"
            for x, y, size, text in page
        )
        objects.append(_stream(f"BT {shown} ET"))
    return _numbered(objects)


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _numbered(objects: Sequence[str]) -> bytes:
    data, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    )
    return data + trailer.encode("ascii")
