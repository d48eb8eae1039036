"""What reading an upload gives."""

from __future__ import annotations

from dataclasses import dataclass

from backend.documents.kinds import Kind
from backend.documents.language import Language


@dataclass(frozen=True)
class Document:
    """A readable text and what is known of it.

    `text` is clean (see `clean_text`) and uses Markdown's marks where the source had structure.
    `encoding` is the Python codec a text file was in, None for PDF and DOCX. `language` is None
    when it isn't Russian or English or can't be told. `repaired` says that the letters were
    garbled by a wrong encoding and put right.
    """

    title: str
    text: str
    format: str
    kind: Kind
    encoding: str | None = None
    language: Language | None = None
    repaired: bool = False
