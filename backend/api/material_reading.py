"""Reads uploads off the event loop, and for no longer than a caller should wait."""

from __future__ import annotations

import asyncio

from backend.api.document_process import read_in_process
from backend.db.materials import NewMaterial
from backend.documents import Document, read_document
from backend.settings import Settings

READING_TIMEOUT_S = 60.0
_AT_ONCE = 2
# Above this, parsing would hold the interpreter long enough for other requests to notice.
_SMALL_BYTES = 128 * 1024
_PARSED_IN_A_PROCESS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class MaterialReader:
    """Turns what people send into materials. Nothing is kept of what can't be read."""

    def __init__(self, settings: Settings, timeout_s: float = READING_TIMEOUT_S) -> None:
        self._max_bytes = settings.material_max_bytes
        self._max_chars = settings.material_max_chars
        self._timeout_s = timeout_s
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def read_text(self, title: str, text: str) -> NewMaterial:
        """A material from a text. Raises DocumentRefused."""
        document = await self._read(f"{title}.txt", "text/plain; charset=utf-8", text.encode())
        return await _material(document, title)

    async def read_file(
        self, filename: str, content_type: str | None, data: bytes, title: str | None
    ) -> NewMaterial:
        """A material from a file; without `title` it gets the document's own.

        Raises DocumentRefused.
        """
        document = await self._read(filename, content_type, data)
        return await _material(document, title or document.title)

    async def _read(self, filename: str, content_type: str | None, data: bytes) -> Document:
        limits = {"max_bytes": self._max_bytes, "max_chars": self._max_chars}
        if len(data) <= _SMALL_BYTES and not data.startswith(_PARSED_IN_A_PROCESS):
            return await asyncio.to_thread(read_document, filename, content_type, data, **limits)
        async with self._places:
            return await read_in_process(
                filename, content_type, data, timeout_s=self._timeout_s, **limits
            )


async def _material(document: Document, title: str) -> NewMaterial:
    material = NewMaterial(
        title=title,
        text=document.text,
        format=document.format,
        encoding=document.encoding,
        language=document.language,
    )
    # Now, while no transaction is open, and in a thread: of a book it takes a second.
    await asyncio.to_thread(lambda: material.passages)
    return material
