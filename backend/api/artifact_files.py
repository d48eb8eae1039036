"""Notes as files to keep."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response

from backend.exports.anki import to_anki
from backend.exports.html import to_html
from backend.exports.markdown import to_markdown
from backend.exports.notes import ExportedNotes

MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "anki": "application/octet-stream",
}
_ENDINGS = {"anki": "apkg"}


def file_answer(notes: ExportedNotes, kind: str, deck: str, name: str) -> Response:
    """A file to download, named after the notes (RFC 6266); `name` is for who can't read that.

    `deck` tells one deck of cards from another. Raises NothingToExport.
    """
    headers = {"Content-Disposition": _disposition(notes.title, _ENDINGS.get(kind, kind), name)}
    return Response(_content(notes, kind, deck), headers=headers, media_type=MEDIA_TYPES[kind])


def _content(notes: ExportedNotes, kind: str, deck: str) -> bytes:
    if kind == "pdf":
        # Half a second and 20 MB that most processes never need.
        from backend.exports.pdf import to_pdf

        return to_pdf(notes)
    if kind == "anki":
        return to_anki(notes, deck)
    return (to_html(notes) if kind == "html" else to_markdown(notes)).encode()


def _disposition(title: str, ending: str, plain_name: str) -> str:
    kept = "".join(c if c.isalnum() or c in "-_." else " " for c in title)
    name = " ".join(kept.split()).strip(".")[:80].rstrip() or plain_name
    plain = f'filename="{plain_name}.{ending}"'
    return f"attachment; {plain}; filename*=UTF-8''{quote(f'{name}.{ending}', safe='')}"
