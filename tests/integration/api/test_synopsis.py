"""The synopsis by HTTP: its ETag, its versions, a person's changes, and what is being made."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from backend.api.deps import Services
from backend.db import artifacts
from backend.db.unit_of_work import UnitOfWork
from backend.domain.artifacts import SYNOPSIS, Provenance
from backend.worker.submission import Submission

ITEMS = [
    {"type": "heading", "level": 1, "text": "Начало"},
    {"type": "text", "text": "Первый абзац."},
]


async def _save(
    services: Services, session_id: str, job_id: str = "job1", title: str = "Конспект"
) -> None:
    async with UnitOfWork(services.engine) as uow:
        await artifacts.save_version(
            uow,
            SYNOPSIS,
            "local",
            session_id,
            content={"title": title, "language": "ru", "items": ITEMS},
            provenance=Provenance(job_id=job_id, attempt=1, model="offline:extractive"),
            base_version=0,
        )
        await uow.commit()


async def _submit(services: Services, session_id: str) -> str:
    accepted = await services.queue.submit(
        Submission("synopsis_manager", "v1", session_id, "local", {}, memory="backend")
    )
    return accepted.job_id


async def test_without_notes_the_404_tells_what_is_being_made(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    address = f"/sessions/{session_id}/synopsis"
    before = await client.get(address)
    assert before.status_code == 404
    assert before.headers["Content-Type"] == "application/problem+json"
    assert before.json()["code"] == "synopsis_not_found"
    assert before.json()["generation"] is None

    job_id = await _submit(services, session_id)
    during = (await client.get(address)).json()["generation"]
    assert during == {"status": "queued", "jobId": job_id, "progress": None}

    await services.queue.cancel(job_id, "local")
    assert (await client.get(address)).json()["generation"] is None


async def test_an_unknown_session_is_not_taken_for_missing_notes(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get("/sessions/none/synopsis")
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


async def test_notes_come_with_an_etag_that_moves_with_the_run(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    address = f"/sessions/{session_id}/synopsis"
    await _save(services, session_id)
    first = await client.get(address)
    assert first.status_code == 200
    body = first.json()
    assert set(body) == {
        "title", "language", "items", "version", "kind", "updatedAt", "provenance", "grounding",
        "generation", "injections", "dropped",
        }  # fmt: skip
    assert (body["version"], body["kind"], body["generation"]) == (1, "agent", None)
    assert body["provenance"]["model"] == "offline:extractive"
    assert [item["text"] for item in body["items"]] == ["Начало", "Первый абзац."]

    etag = first.headers["ETag"]
    same = await client.get(address, headers={"If-None-Match": f'"x", W/{etag}'})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)

    await _submit(services, session_id)
    moved = await client.get(address, headers={"If-None-Match": etag})
    assert moved.status_code == 200
    assert moved.headers["ETag"] != etag
    assert moved.json()["generation"]["status"] == "queued"


async def test_an_edit_is_a_new_version_of_the_one_it_names(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    address = f"/sessions/{session_id}/synopsis"
    await _save(services, session_id)
    etag = (await client.get(address)).headers["ETag"]
    # A run that starts meanwhile changes the ETag, not the version that was edited.
    await _submit(services, session_id)

    edit: dict[str, Any] = {"title": "Моё", "items": [{"type": "note", "text": "Важно."}]}
    edited = await client.put(address, json=edit, headers={"If-Match": etag})
    assert edited.status_code == 200
    assert (edited.json()["version"], edited.json()["kind"]) == (2, "edit")
    assert (edited.json()["title"], edited.json()["language"]) == ("Моё", "ru")
    assert [item["edited"] for item in edited.json()["items"]] == [True]
    assert edited.json()["provenance"]["jobId"] is None
    assert edited.headers["ETag"] == (await client.get(address)).headers["ETag"]

    late = await client.put(address, json=edit, headers={"If-Match": etag})
    assert (late.status_code, late.json()["code"]) == (412, "version_changed")
    old = (await client.get(f"{address}/versions/1")).json()
    assert (old["title"], old["kind"]) == ("Конспект", "agent")


@pytest.mark.parametrize(
    ("if_match", "status"), [(None, 428), ("*", 428), ('"abc"', 412), ("1", 412), ('"7"', 412)]
)
async def test_an_edit_must_name_its_version(
    client: httpx2.AsyncClient,
    services: Services,
    session_id: str,
    if_match: str | None,
    status: int,
) -> None:
    await _save(services, session_id)
    answer = await client.put(
        f"/sessions/{session_id}/synopsis",
        json={"title": "x", "items": []},
        headers={} if if_match is None else {"If-Match": if_match},
    )
    assert answer.status_code == status, answer.text
    versions = (await client.get(f"/sessions/{session_id}/synopsis/versions")).json()
    assert len(versions["items"]) == 1


async def test_an_edit_that_is_no_synopsis_names_its_fields(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    await _save(services, session_id)
    answer = await client.put(
        f"/sessions/{session_id}/synopsis",
        json={"title": "x", "items": [{"type": "heading", "level": 9, "text": "x"}, {"type": "?"}]},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 422
    fields = [each["field"] for each in answer.json()["errors"]]
    assert fields == ["items.0.heading.level", "items.1"]


async def test_a_draft_beside_an_edit_can_be_made_current(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    address = f"/sessions/{session_id}/synopsis"
    await _save(services, session_id)
    await client.put(address, json={"title": "Моё", "items": []}, headers={"If-Match": '"1"'})
    await _save(services, session_id, "job2", "Поздний")
    listed = (await client.get(f"{address}/versions")).json()["items"]
    assert [(v["version"], v["kind"], v["isCurrent"]) for v in listed] == [
        (3, "draft", False),
        (2, "edit", True),
        (1, "agent", False),
    ]
    restored = await client.post(f"{address}/versions/3/restore")
    assert (restored.status_code, restored.json()["title"]) == (201, "Поздний")
    assert (restored.json()["version"], restored.json()["kind"]) == (4, "restore")
    again = await client.post(f"{address}/versions/3/restore")
    assert (again.status_code, again.json()["version"]) == (200, 4)
    none = await client.post(f"{address}/versions/9/restore")
    assert (none.status_code, none.json()["code"]) == (404, "version_not_found")


async def test_versions_of_a_session_without_notes_are_an_empty_list(
    client: httpx2.AsyncClient, session_id: str
) -> None:
    answer = await client.get(f"/sessions/{session_id}/synopsis/versions")
    assert answer.json() == {"items": [], "nextCursor": None}


async def test_export_is_a_file_named_after_the_notes(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    await _save(services, session_id, title='Глава "1"/../x')
    answer = await client.get(f"/sessions/{session_id}/synopsis/export", params={"format": "md"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert "%D0%93%D0%BB%D0%B0%D0%B2%D0%B0%201%20.." in answer.headers["Content-Disposition"]
    assert answer.text.startswith("# Глава")
    assert "## Начало" in answer.text


async def test_deleting_a_session_cancels_its_jobs(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    job_id = await _submit(services, session_id)
    assert (await client.delete(f"/sessions/{session_id}")).status_code == 204
    assert (await services.queue.get(job_id, "local")).state == "failed"


async def test_many_readers_and_editors_at_once_see_whole_versions(
    client: httpx2.AsyncClient, services: Services, session_id: str
) -> None:
    address = f"/sessions/{session_id}/synopsis"
    await _save(services, session_id)

    async def edit(number: int) -> int:
        body = {"title": f"{number}", "items": [{"type": "text", "text": f"{number}"}]}
        answer = await client.put(address, json=body, headers={"If-Match": '"1"'})
        return answer.status_code

    async def read() -> bool:
        body = (await client.get(address)).json()
        return bool(body["version"] == 1 or body["title"] == body["items"][0]["text"])

    edits, reads = await asyncio.gather(
        asyncio.gather(*map(edit, range(5))), asyncio.gather(*(read() for _ in range(10)))
    )
    assert sorted(edits) == [200, 412, 412, 412, 412]
    assert all(reads)
