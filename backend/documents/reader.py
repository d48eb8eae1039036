"""The one way in: a file's name and bytes become a `Document`, or a refusal that says why."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from backend.documents.cleaning import clean_text, is_blank, without_lost
from backend.documents.detection import READABLE, Format, detect_binary, detect_text
from backend.documents.document import Document
from backend.documents.encodings import decode_text
from backend.documents.errors import (
    CorruptDocument,
    DocumentTooLarge,
    EmptyDocument,
    GarbledDocument,
    UnsupportedDocument,
)
from backend.documents.formats.chat import NoChat, NoJson, read_chat
from backend.documents.formats.docx import read_docx
from backend.documents.formats.extracted import Extracted, NestedTooDeeply
from backend.documents.formats.html import read_html
from backend.documents.formats.mdx import read_mdx
from backend.documents.formats.pdf import read_pdf
from backend.documents.formats.subtitles import read_subtitles
from backend.documents.formats.xml import read_xml
from backend.documents.kinds import Kind, detect_kind
from backend.documents.language import detect_language
from backend.documents.mojibake import is_garbled, repair_mojibake
from backend.documents.titles import title_of

MAX_BYTES = 25 * 1024 * 1024
MAX_CHARS = 1_000_000
_MARKUP_ALLOWANCE = 5
"""Markup may be this many times longer than the text inside it."""

_TEXT_READERS = {
    Format.HTML: read_html,
    Format.XML: read_xml,
    Format.MDX: read_mdx,
    Format.SRT: read_subtitles,
    Format.VTT: read_subtitles,
    Format.CHAT: read_chat,
}
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]+)",
    re.IGNORECASE,
)


def read_document(
    filename: str,
    content_type: str | None,
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_chars: int = MAX_CHARS,
) -> Document:
    """Read an uploaded file. Blocking and at times slow: call it in a thread or a process.

    `content_type` is what the sender claims; the content itself and the name's ending count more.

    Raises:
        DocumentRefused: a subclass for each reason, see `backend.documents.errors`.
    """
    name = _shown_name(filename)
    if len(data) > max_bytes:
        raise DocumentTooLarge(
            f"“{name}” has {len(data) / 1_048_576:.1f} MB; the limit is "
            f"{max_bytes / 1_048_576:.0f} MB. Upload it in parts or without its pictures."
        )
    if not data:
        raise EmptyDocument(f"“{name}” is empty: it has no bytes. Check the file and upload again.")
    binary = detect_binary(name, data)
    if binary is Format.PDF:
        return _finish(name, binary, read_pdf(name, data, max_chars=max_chars), max_chars)
    if binary is Format.DOCX:
        return _finish(name, binary, read_docx(name, data), max_chars)
    return _read_text_file(name, content_type, data, max_chars)


def _read_text_file(name: str, content_type: str | None, data: bytes, max_chars: int) -> Document:
    decoded = decode_text(data, _declared_encoding(content_type, data))
    if decoded is None:
        raise UnsupportedDocument(
            f"“{name}” isn't text, or is in an encoding that can't be told for certain. Save it as "
            f"UTF-8 and upload it again. Offstage reads {READABLE}."
        )
    format_ = detect_text(name, content_type, decoded.text[:4_000])
    is_markup = format_ in _TEXT_READERS
    _check_length(name, decoded.text, max_chars * (_MARKUP_ALLOWANCE if is_markup else 1))
    unbroken = repair_mojibake(decoded.text)
    text = clean_text(unbroken)
    try:
        reader = _TEXT_READERS.get(format_)
        extracted = reader(text) if reader else Extracted(text)
    except (NestedTooDeeply, RecursionError) as error:
        raise CorruptDocument(
            f"“{name}” is nested too deeply to be read. Save its text as .txt."
        ) from error
    except NoJson as error:
        raise CorruptDocument(
            f"“{name}” isn't valid JSON from line {error.line} on: it is damaged or cut off. "
            "Export it again."
        ) from error
    except NoChat as error:
        raise UnsupportedDocument(
            f"“{name}” is JSON, but no chat: Offstage reads messages that say who (“author”, "
            "“from”, “role”, …) and what (“text”, “content”, …), at least two. Save other text as "
            ".txt."
        ) from error
    document = _finish(name, format_, extracted, max_chars)
    repaired = unbroken != decoded.text
    return replace(document, encoding=decoded.encoding, repaired=repaired)


def _finish(name: str, format_: Format, extracted: Extracted, max_chars: int) -> Document:
    text = clean_text(extracted.text).strip("\n")
    if is_blank(text):
        raise EmptyDocument(f"“{name}” holds no text, only white space. Check the file.")
    if is_garbled(text):
        raise GarbledDocument(
            f"The letters of “{name}” are garbled: it was saved in the wrong encoding and can't be "
            "repaired for certain. Open the original and save it as UTF-8."
        )
    text = without_lost(text)
    _check_length(name, text, max_chars)
    return Document(
        title=title_of(name, text, _clean_title(extracted.title), is_rst=format_ is Format.RST),
        text=text,
        format=format_.value,
        kind=_kind(format_, text),
        language=detect_language(text),
    )


def _kind(format_: Format, text: str) -> Kind:
    if format_ is Format.CHAT:
        return "chat"
    return "subtitles" if format_ in (Format.SRT, Format.VTT) else detect_kind(text)


def _clean_title(title: str | None) -> str | None:
    return clean_text(repair_mojibake(title)) if title else None


def _check_length(name: str, text: str, most: int) -> None:
    if len(text) > most:
        raise DocumentTooLarge(
            f"“{name}” holds {len(text):,} characters; the limit is {most:,}. Upload it in parts."
        )


def _declared_encoding(content_type: str | None, data: bytes) -> str | None:
    match = _DECLARED.search(data[:2_048])
    if match:
        return (match.group(1) or match.group(2)).decode("ascii", "replace")
    charset = re.search(r"charset=([\w.:-]+)", content_type or "", re.IGNORECASE)
    return charset.group(1) if charset else None


def _shown_name(filename: str) -> str:
    """The name without its folders and with nothing in it that could break a message or a log."""
    name = PurePath(clean_text(filename).replace("\\", "/")).name
    return "".join(c for c in name if c.isprintable()).strip()[:200] or "file"
