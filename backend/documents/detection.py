"""Which format a file really is in: what its bytes say first, then what its name says."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePath

from backend.documents.errors import (
    CorruptDocument,
    EncryptedDocument,
    MislabelledDocument,
    UnsupportedDocument,
)


class Format(StrEnum):
    """What the reader reads; the value is what `Document.format` says."""

    TEXT = "txt"
    MARKDOWN = "md"
    MDX = "mdx"
    RST = "rst"
    HTML = "html"
    XML = "xml"
    PDF = "pdf"
    DOCX = "docx"
    SRT = "srt"
    VTT = "vtt"
    CHAT = "json"


READABLE = ".txt, .md, .mdx, .rst, .html, .xml, .pdf, .docx, .srt, .vtt, chats as .json and .jsonl"
"""For messages."""

_BY_EXTENSION = {
    "": Format.TEXT,
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".log": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdx": Format.MDX,
    ".rst": Format.RST,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".xml": Format.XML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".srt": Format.SRT,
    ".vtt": Format.VTT,
    ".json": Format.CHAT,
    ".jsonl": Format.CHAT,
    ".ndjson": Format.CHAT,
}
_BY_CONTENT_TYPE = {
    "text/plain": Format.TEXT,
    "text/markdown": Format.MARKDOWN,
    "text/x-rst": Format.RST,
    "text/html": Format.HTML,
    "application/xhtml+xml": Format.HTML,
    "text/xml": Format.XML,
    "application/xml": Format.XML,
    "application/x-subrip": Format.SRT,
    "text/vtt": Format.VTT,
    "application/json": Format.CHAT,
    "application/x-ndjson": Format.CHAT,
    "application/jsonl": Format.CHAT,
}
_FOREIGN_MAGIC = (
    (b"{\\rtf", "an RTF document: save it as .docx or PDF"),
    (b"\x89PNG", "a picture: run OCR on it and upload the text"),
    (b"\xff\xd8\xff", "a picture: run OCR on it and upload the text"),
    (b"GIF8", "a picture: run OCR on it and upload the text"),
    (b"II*\x00", "a picture: run OCR on it and upload the text"),
    (b"MM\x00*", "a picture: run OCR on it and upload the text"),
    (b"AT&TFORM", "a DjVu scan: run OCR on it and upload the text"),
    (b"ID3", "a sound recording: transcribe it and upload the transcript"),
    (b"OggS", "a sound recording: transcribe it and upload the transcript"),
    (b"\x1aE\xdf\xa3", "a video: upload its subtitles instead"),
    (b"\x1f\x8b", "a gzip archive: unpack it and upload the files"),
    (b"Rar!", "an archive: unpack it and upload the files"),
    (b"7z\xbc\xaf", "an archive: unpack it and upload the files"),
)
_ZIP_MARKS = (
    ("word/document.xml", Format.DOCX),
    ("xl/workbook.xml", "an Excel workbook: save the sheet as text or PDF"),
    ("ppt/presentation.xml", "a PowerPoint presentation: export it as PDF"),
    ("META-INF/container.xml", "an EPUB book: convert it to .html or .txt"),
    ("content.xml", "an OpenDocument file: save it as .docx or PDF"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_VTT_START = re.compile(r"\s*WEBVTT(?:[ \t\n]|$)")
_SRT_START = re.compile(
    r"\s*\d+[ \t]*\n[ \t]*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}[ \t]+-->[ \t]+\d{1,2}:\d{2}:\d{2}[,.]\d"
)


def detect_binary(filename: str, data: bytes) -> Format | None:
    """PDF, DOCX or None for text.

    Raises:
        UnsupportedDocument: a format known by its first bytes that the reader can't read.
        EncryptedDocument: a Word file with a password.
        CorruptDocument: a Word file that is cut off.
        MislabelledDocument: the name promises PDF or DOCX and the content is text.
    """
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith(b"PK\x03\x04"):
        return _detect_zip(filename, data)
    if data.startswith(_OLE_MAGIC):
        _refuse_ole(filename, data)
    for magic, what in _FOREIGN_MAGIC:
        if data.startswith(magic):
            raise UnsupportedDocument(f"“{filename}” is {what}. Offstage reads {READABLE}.")
    if data[4:8] == b"ftyp":
        raise UnsupportedDocument(
            f"“{filename}” is a recording: upload its transcript or subtitles."
        )
    named = _named_format(filename)
    if named in (Format.PDF, Format.DOCX):
        raise MislabelledDocument(
            f"“{filename}” is named .{named} but is no {named.upper()} file inside. If it is "
            f"plain text, rename it to .txt; otherwise save it as .{named} again."
        )
    return None


def detect_text(filename: str, content_type: str | None, head: str) -> Format:
    """The format of a text file from its first characters, its name and its content type.

    Raises UnsupportedDocument if the name has an ending that the reader doesn't know.
    """
    if _VTT_START.match(head):
        return Format.VTT
    if _SRT_START.match(head.replace("\r\n", "\n")):
        return Format.SRT
    named = _named_format(filename)
    by_type = _BY_CONTENT_TYPE.get((content_type or "").partition(";")[0].strip().lower())
    if named is None:
        ending = PurePath(filename).suffix.lower()
        raise UnsupportedDocument(
            f"“{filename}”: {ending} files can't be read. Offstage reads {READABLE}; if it is "
            "plain text, rename it to .txt."
        )
    if named is Format.TEXT and _HTML_START.match(head.encode("utf-8", "replace")):
        return Format.HTML
    if named is Format.TEXT and not PurePath(filename).suffix and by_type is not None:
        return by_type
    return named


def _named_format(filename: str) -> Format | None:
    path = PurePath(filename.replace("\\", "/"))
    if path.name.lower().endswith(".rst.txt"):
        return Format.RST
    return _BY_EXTENSION.get(path.suffix.lower())


def _detect_zip(filename: str, data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise CorruptDocument(
            f"“{filename}” is cut off or damaged and can't be opened. Upload it again, or open it "
            "in Word and save a new copy."
        ) from error
    for mark, meaning in _ZIP_MARKS:
        if mark in names and isinstance(meaning, Format):
            return meaning
        if mark in names:
            raise UnsupportedDocument(f"“{filename}” is {meaning}.")
    if _named_format(filename) is Format.DOCX:
        raise CorruptDocument(
            f"“{filename}” holds no Word document. Open it in Word and save a new copy as .docx."
        )
    raise UnsupportedDocument(
        f"“{filename}” is a ZIP archive: unpack it and upload the files. Offstage reads {READABLE}."
    )


def _refuse_ole(filename: str, data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedDocument(
            f"“{filename}” is protected by a password. Remove the password in Word and upload it "
            "again."
        )
    raise UnsupportedDocument(
        f"“{filename}” is in the old Office format (.doc, .xls, .ppt). Save it as .docx or PDF."
    )
