"""Materials by HTTP: what is readable is kept, of the rest nothing is."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx2
import pytest

from backend.api.material_reading import MaterialReader
from backend.documents.errors import DocumentTooSlow
from backend.settings import Settings

# What each of the awkward files of ../shared/data must come to.
REFUSED = {
    "bom_only.txt": "material_empty",
    "corrupt_truncated.pdf": "material_corrupt",
    "empty.txt": "material_empty",
    "encrypted_password_test.pdf": "material_encrypted",
    "not_really_a.docx": "material_mislabelled",
    "scanned_en_no_text_layer.pdf": "material_scan",
    "scanned_ru_no_text_layer.pdf": "material_scan",
    "whitespace_only.txt": "material_empty",
}


async def _titles(client: httpx2.AsyncClient, session_id: str) -> list[str]:
    page = (await client.get(f"/sessions/{session_id}/materials")).json()
    return [item["title"] for item in page["items"]]


async def test_a_text_is_added_and_read_back(client: httpx2.AsyncClient, session_id: str) -> None:
    text = "Привет, мир. Это лекция про ёжиков 🦔."
    made = await client.post(
        f"/sessions/{session_id}/materials", json={"title": "Ёжики", "text": text}
    )
    assert made.status_code == 201
    body = made.json()
    assert "text" not in body
    assert (body["title"], body["format"], body["chars"]) == ("Ёжики", "txt", len(text))
    whole = (await client.get(made.headers["Location"])).json()
    assert whole == {**body, "text": text}
    assert (await client.delete(made.headers["Location"])).status_code == 204
    gone = await client.get(made.headers["Location"])
    assert (gone.status_code, gone.json()["code"]) == (404, "material_not_found")
    assert await _titles(client, session_id) == []


async def test_a_file_is_read_in_the_encoding_it_is_in(
    client: httpx2.AsyncClient, session_id: str
) -> None:
    text = "Лекция о языках программирования и их истории. " * 20
    made = await client.post(
        f"/sessions/{session_id}/materials",
        files={"file": ("../../лекция.txt", text.encode("cp1251"), "text/plain")},
        data={"title": "Своё название"},
    )
    assert made.status_code == 201
    assert (made.json()["encoding"], made.json()["language"]) == ("cp1251", "ru")
    assert made.json()["title"] == "Своё название"
    whole = (await client.get(made.headers["Location"])).json()
    assert whole["text"].strip() == text.strip()


async def test_awkward_files_are_read_or_refused_and_nothing_half_kept(
    client: httpx2.AsyncClient, session_id: str, shared_data: Path
) -> None:
    for path in sorted((shared_data / "awkward").iterdir()):
        before = len(await _titles(client, session_id))
        answer = await client.post(
            f"/sessions/{session_id}/materials", files={"file": (path.name, path.read_bytes())}
        )
        expected = REFUSED.get(path.name)
        after = len(await _titles(client, session_id))
        if expected is None:
            assert (answer.status_code, after) == (201, before + 1), (path.name, answer.text)
            assert answer.json()["chars"] > 0
        else:
            assert (answer.status_code, after) == (422, before), (path.name, answer.text)
            assert answer.json()["code"] == expected
            assert len(answer.json()["detail"]) > 20


async def test_files_sent_at_once_are_all_kept(client: httpx2.AsyncClient, session_id: str) -> None:
    answers = await asyncio.gather(
        *(
            client.post(
                f"/sessions/{session_id}/materials", json={"title": f"{n}", "text": "Text."}
            )
            for n in range(6)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["position"] for answer in answers) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("headers", "content", "field"),
    [
        ({"Content-Type": "application/json"}, b"{", "body"),
        ({"Content-Type": "application/json"}, b"[]", "body"),
        ({"Content-Type": "application/json"}, b"\xff\xfe", "body"),
        ({"Content-Type": "application/json"}, b"[" * 100_000, "body"),
        ({"Content-Type": "application/json"}, b'{"title": "x"}', "text"),
        ({"Content-Type": "application/json"}, b'{"title": "x", "text": ""}', "text"),
        ({"Content-Type": "application/json"}, b'{"title":"x","text":"x","id":1}', "id"),
        ({"Content-Type": "text/plain"}, b"text", "Content-Type"),
        ({}, b"text", "Content-Type"),
    ],
)
async def test_a_body_of_another_form_is_refused_by_field(
    client: httpx2.AsyncClient,
    session_id: str,
    headers: dict[str, str],
    content: bytes,
    field: str,
) -> None:
    answer = await client.post(
        f"/sessions/{session_id}/materials", content=content, headers=headers
    )
    assert answer.status_code == 422, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert await _titles(client, session_id) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"data": {"title": "x"}, "files": {"other": ("a.txt", b"text")}}, "other"),
        ({"files": {"file": (None, b"a field, not a file")}}, "file"),
        ({"data": {"title": "x" * 301}, "files": {"file": ("a.txt", b"text")}}, "title"),
    ],
)
async def test_a_form_of_another_form_is_refused_by_field(
    client: httpx2.AsyncClient, session_id: str, form: dict[str, object], field: str
) -> None:
    answer = await client.post(f"/sessions/{session_id}/materials", **form)  # type: ignore[arg-type]
    assert answer.status_code == 422, answer.text
    assert field in [each["field"] for each in answer.json()["errors"]]


async def test_two_files_or_a_torn_form_are_a_bad_request(
    client: httpx2.AsyncClient, session_id: str
) -> None:
    address = f"/sessions/{session_id}/materials"
    two = await client.post(
        address, files=[("file", ("a.txt", b"text")), ("file", ("b.txt", b"text"))]
    )
    torn = await client.post(
        address, content=b"--x\r\n", headers={"Content-Type": "multipart/form-data"}
    )
    for answer in (two, torn):
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert await _titles(client, session_id) == []


async def test_a_session_that_is_not_there_takes_no_material(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/sessions/none/materials", json={"title": "x", "text": "x"})
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


async def test_more_characters_than_allowed_are_refused(
    client: httpx2.AsyncClient, session_id: str, settings: Settings
) -> None:
    text = "слово " * (settings.material_max_chars // 6 + 1)
    body = json.dumps({"title": "Длинный", "text": text}).encode()
    answer = await client.post(
        f"/sessions/{session_id}/materials",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "material_too_large")


async def test_a_file_that_keeps_its_reader_busy_is_given_up(
    settings: Settings, samples: Path
) -> None:
    reader = MaterialReader(settings, timeout_s=0.01)
    with pytest.raises(DocumentTooSlow):
        await reader.read_file("slow.pdf", None, b"%PDF-1.4 " + b"x" * 1_000_000, None)
