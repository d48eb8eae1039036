"""Reads what people upload: bytes in, clean text with Markdown's marks out. No web, no database.

`read_document` reads a file, `clean_text` cleans a text that came as text; what can't be read is
a `DocumentRefused`.
"""

from backend.documents.cleaning import clean_text
from backend.documents.document import Document
from backend.documents.errors import DocumentRefused
from backend.documents.reader import MAX_BYTES, MAX_CHARS, read_document

__all__ = ["MAX_BYTES", "MAX_CHARS", "Document", "DocumentRefused", "clean_text", "read_document"]
