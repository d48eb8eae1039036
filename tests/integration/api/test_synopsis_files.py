"""The synopsis as files and compared, by HTTP."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
from pypdf import PdfReader

MAKE = "/agents/synopsis_manager/v1/synopsis"
TEXT = (
    "Владение — это набор правил. У каждого значения один владелец. Компилятор проверяет правила."
)


@pytest.fixture
async def noted(client: httpx2.AsyncClient, session_id: str) -> str:
    """A session whose notes were edited once: version 2 has a definition and an odd title."""
    added = await client.post(
        f"/sessions/{session_id}/materials", json={"title": "Лекция", "text": TEXT}
    )
    material_id = added.json()["id"]
    made = await client.post(MAKE, params={"mode": "sync"}, json={"session_id": session_id})
    assert made.status_code == 200
    span = {"materialId": material_id, "start": 0, "end": 28}
    items: list[dict[str, Any]] = [
        {"type": "definition", "term": "Владение", "text": "Набор правил.", "sources": [span]}
    ]
    await edit(client, session_id, {"title": 'Лекция "1"/..\\<x>: Ёж', "items": items})
    return session_id


async def edit(client: httpx2.AsyncClient, session_id: str, body: dict[str, Any]) -> None:
    address = f"/sessions/{session_id}/synopsis"
    etag = (await client.get(address)).headers["ETag"]
    answer = await client.put(address, json=body, headers={"If-Match": etag})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [
        ("md", "text/markdown; charset=utf-8", "md"),
        ("html", "text/html; charset=utf-8", "html"),
        ("pdf", "application/pdf", "pdf"),
        ("anki", "application/octet-stream", "apkg"),
    ],
)
async def test_each_format_is_a_download_with_a_safe_name(
    client: httpx2.AsyncClient, noted: str, kind: str, media_type: str, ending: str
) -> None:
    answer = await client.get(f"/sessions/{noted}/synopsis/export", params={"format": kind})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    plain, _, name = answer.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert plain == f'attachment; filename="synopsis.{ending}"'
    assert unquote(name) == f"Лекция 1 .. x Ёж.{ending}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_sources_are_in_every_format(client: httpx2.AsyncClient, noted: str) -> None:
    address = f"/sessions/{noted}/synopsis/export"
    source = "Лекция: “Владение — это набор правил.”"
    assert source in (await client.get(address)).text
    html = await client.get(address, params={"format": "html"})
    assert "Лекция: <q>Владение — это набор правил.</q>" in html.text
    pdf = await client.get(address, params={"format": "pdf"})
    assert "Владение — это набор правил." in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    deck = await client.get(address, params={"format": "anki"})
    assert "collection.anki2" in zipfile.ZipFile(BytesIO(deck.content)).namelist()


async def test_a_deleted_material_is_told_of(client: httpx2.AsyncClient, noted: str) -> None:
    (material,) = (await client.get(f"/sessions/{noted}/materials")).json()["items"]
    await client.delete(f"/sessions/{noted}/materials/{material['id']}")

    shown = (await client.get(f"/sessions/{noted}/synopsis/export")).text
    assert "[^1]: *материал удалён*" in shown


async def test_an_earlier_version_can_be_exported(client: httpx2.AsyncClient, noted: str) -> None:
    address = f"/sessions/{noted}/synopsis/export"
    first = await client.get(address, params={"version": 1})
    assert first.text != (await client.get(address)).text
    assert (await client.get(address, params={"version": 9})).status_code == 404
    await edit(client, noted, {"title": "T", "items": [{"type": "text", "text": "No terms."}]})
    refused = await client.get(address, params={"format": "anki"})
    assert (refused.status_code, refused.json()["code"]) == (422, "nothing_to_export")
    assert (await client.get(address, params={"format": "exe"})).status_code == 422


async def test_two_versions_are_compared(client: httpx2.AsyncClient, noted: str) -> None:
    await edit(
        client,
        noted,
        {
            "title": "Лекция",
            "items": [{"type": "definition", "term": "Владение", "text": "Строгий набор правил."}],
        },
    )
    address = f"/sessions/{noted}/synopsis/versions/3/diff"
    found = (await client.get(address, params={"against": 2})).json()

    assert (found["version"], found["against"]) == (3, 2)
    assert (found["added"], found["removed"], found["changed"]) == (0, 0, 1)
    (item,) = found["items"]
    assert [(run["op"], run["text"]) for run in item["runs"]] == [
        ("equal", "Владение — "),
        ("delete", "Набор"),
        ("insert", "Строгий набор"),
        ("equal", " правил."),
    ]
    assert (await client.get(address, params={"against": 9})).status_code == 404
    assert (await client.get(address)).status_code == 422


async def test_the_answer_tells_how_the_notes_stand_to_the_material(
    client: httpx2.AsyncClient, noted: str
) -> None:
    versions = f"/sessions/{noted}/synopsis/versions"
    report = (await client.get(f"{versions}/1")).json()["grounding"]
    assert report["grounded"] == report["items"] > 0
    assert (report["repaired"], report["ungrounded"], report["own"]) == (0, 0, 0)
    now = (await client.get(f"/sessions/{noted}/synopsis")).json()["grounding"]
    assert (now["items"], now["grounded"]) == (1, 1)
    provenance = (await client.get(f"{versions}/1")).json()["provenance"]
    assert provenance["models"][0]["model"] == "offline:extractive"
    assert provenance["costUsd"] == 0
