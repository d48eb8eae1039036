"""Reads one document in a process of its own, which can be stopped and has bounds.

A hostile file can keep a parser busy or eat memory without end; a thread can't be stopped and
shares the API's memory. `python -m backend.api.document_process` is the child's side: a line of
JSON and then the file on standard input, one JSON object on standard output.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from backend.documents import Document, DocumentRefused, read_document
from backend.documents.errors import CorruptDocument, DocumentTooLarge, DocumentTooSlow

_MEMORY_BYTES = 2 * 1024**3


async def read_in_process(
    filename: str,
    content_type: str | None,
    data: bytes,
    *,
    max_bytes: int,
    max_chars: int,
    timeout_s: float,
) -> Document:
    """`read_document` in a child process, for at most `timeout_s`. Raises DocumentRefused."""
    header = {
        "filename": filename,
        "content_type": content_type,
        "max_bytes": max_bytes,
        "max_chars": max_chars,
        "cpu_s": int(timeout_s) + 1,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(timeout_s):
            said, _ = await child.communicate(json.dumps(header).encode() + b"\n" + data)
    except TimeoutError:
        raise DocumentTooSlow(
            f"The file took longer than {timeout_s:.0f} s to read. Upload it in parts, or its text "
            "as .txt."
        ) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return _understood(said)


def _understood(said: bytes) -> Document:
    """What the child answered; a child that died said nothing."""
    try:
        answer = json.loads(said)
    except ValueError:
        raise CorruptDocument(
            "The file broke the program that reads it. Save it anew, or upload its text as .txt."
        ) from None
    if "document" in answer:
        return Document(**answer["document"])
    refused = next(
        (kind for kind in DocumentRefused.__subclasses__() if kind.code == answer["code"]),
        DocumentRefused,
    )
    raise refused(answer["message"])


def main() -> None:
    """The child's side."""
    header = json.loads(sys.stdin.buffer.readline())
    cpu_s = header.pop("cpu_s")
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    json.dump(_answer(header, sys.stdin.buffer.read()), sys.stdout)


def _answer(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    filename, content_type = header.pop("filename"), header.pop("content_type")
    try:
        return {"document": asdict(read_document(filename, content_type, data, **header))}
    except DocumentRefused as refused:
        return {"code": refused.code, "message": refused.message}
    except MemoryError:
        return {
            "code": DocumentTooLarge.code,
            "message": "The file needs more memory to read than it may take.",
        }


if __name__ == "__main__":
    main()
