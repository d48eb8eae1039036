"""Reads uploads off the event loop, and for no longer than a caller should wait."""

from __future__ import annotations

import asyncio
from functools import partial

from anyio import CapacityLimiter, to_process, to_thread

from backend.db.materials import NewMaterial
from backend.documents import Document, read_document
from backend.documents.errors import DocumentTooSlow
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
        self._places = CapacityLimiter(_AT_ONCE)

    async def read_text(self, title: str, text: str) -> NewMaterial:
        """A material from a text. Raises DocumentRefused."""
        document = await self._read(f"{title}.txt", "text/plain; charset=utf-8", text.encode())
        return _material(document, title)

    async def read_file(
        self, filename: str, content_type: str | None, data: bytes, title: str | None
    ) -> NewMaterial:
        """A material from a file; without `title` it gets the document's own.

        Raises DocumentRefused.
        """
        document = await self._read(filename, content_type, data)
        return _material(document, title or document.title)

    async def _read(self, filename: str, content_type: str | None, data: bytes) -> Document:
        read = partial(
            read_document,
            filename,
            content_type,
            data,
            max_bytes=self._max_bytes,
            max_chars=self._max_chars,
        )
        if len(data) <= _SMALL_BYTES and not data.startswith(_PARSED_IN_A_PROCESS):
            return await to_thread.run_sync(read)
        # A process can be stopped when a hostile file keeps its parser busy; a thread can't.
        try:
            async with asyncio.timeout(self._timeout_s):
                return await to_process.run_sync(read, cancellable=True, limiter=self._places)
        except TimeoutError:
            raise DocumentTooSlow(
                f"The file took longer than {self._timeout_s:.0f} s to read. Upload it in parts, "
                "or its text as .txt."
            ) from None


def _material(document: Document, title: str) -> NewMaterial:
    return NewMaterial(
        title=title,
        text=document.text,
        format=document.format,
        encoding=document.encoding,
        language=document.language,
    )
