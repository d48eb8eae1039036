"""`reuse=unchanged`: what was made from the same input is offered, and nothing runs."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from backend.api.deps import Services

MAKE = "/agents/synopsis_manager/v1/synopsis"
TEXT = "Ownership is a set of rules. Each value has one owner. The compiler checks the rules."


@pytest.fixture
async def noted(client: httpx2.AsyncClient, session_id: str) -> str:
    """A session with a material and notes on it."""
    await add(client, session_id, TEXT)
    await make(client, session_id)
    return session_id


async def add(client: httpx2.AsyncClient, session_id: str, text: str) -> None:
    answer = await client.post(
        f"/sessions/{session_id}/materials", json={"title": "Text", "text": text}
    )
    assert answer.status_code == 201


async def make(client: httpx2.AsyncClient, session_id: str, **query: Any) -> None:
    body = {"session_id": session_id, "query": query}
    answer = await client.post(MAKE, params={"mode": "sync"}, json=body)
    assert answer.status_code == 200, answer.text


async def ask(
    client: httpx2.AsyncClient, session_id: str, path: str = MAKE, **query: Any
) -> httpx2.Response:
    body = {"session_id": session_id, "query": query, "memory": "backend"}
    return await client.post(path, params={"reuse": "unchanged"}, json=body)


@pytest.mark.parametrize("path", [MAKE, "/jobs/agents/synopsis_manager/v1"])
async def test_the_same_input_is_answered_by_the_version_there_is(
    client: httpx2.AsyncClient, noted: str, services: Services, path: str
) -> None:
    answer = await ask(client, noted, path)

    assert answer.status_code == 200
    offered = answer.json()
    assert (offered["unchanged"], offered["kind"], offered["version"]) == (True, "synopsis", 1)
    assert offered["isCurrent"] is True
    place = f"/sessions/{noted}/synopsis/versions/1"
    assert answer.headers["Content-Location"] == place
    assert (await client.get(place)).status_code == 200
    assert (await services.queue.list_jobs("local", session_id=noted)).items == []


async def test_who_does_not_ask_for_reuse_gets_a_run(
    client: httpx2.AsyncClient, noted: str
) -> None:
    answer = await client.post(MAKE, json={"session_id": noted})

    assert answer.status_code == 202


async def test_another_input_is_run(client: httpx2.AsyncClient, noted: str) -> None:
    assert (await ask(client, noted, language="en")).status_code == 202
    await client.patch(f"/sessions/{noted}", json={"goal": "pass the exam"})
    assert (await ask(client, noted)).status_code == 202
    await client.patch(f"/sessions/{noted}", json={"goal": None})
    assert (await ask(client, noted)).status_code == 200
    await add(client, noted, "A borrow is a reference to a value.")
    assert (await ask(client, noted)).status_code == 202


async def test_an_edited_version_is_offered_for_what_it_was_made_of(
    client: httpx2.AsyncClient, noted: str
) -> None:
    address = f"/sessions/{noted}/synopsis"
    etag = (await client.get(address)).headers["ETag"]
    edit = {"title": "Mine", "items": [{"type": "text", "text": "My own words."}]}
    await client.put(address, json=edit, headers={"If-Match": etag})

    offered = (await ask(client, noted)).json()
    assert (offered["version"], offered["isCurrent"]) == (1, False)


async def test_an_update_is_unchanged_only_while_its_result_is_current(
    client: httpx2.AsyncClient, noted: str
) -> None:
    await make(client, noted, action="update")
    assert (await ask(client, noted, action="update")).json()["version"] == 2
    await client.post(f"/sessions/{noted}/synopsis/versions/1/restore")
    address = f"/sessions/{noted}/synopsis"
    etag = (await client.get(address)).headers["ETag"]
    edit = {"title": "Mine", "items": [{"type": "text", "text": "My own words."}]}
    await client.put(address, json=edit, headers={"If-Match": etag})

    assert (await ask(client, noted, action="update")).status_code == 202


async def test_a_key_is_answered_as_before(client: httpx2.AsyncClient, session_id: str) -> None:
    await add(client, session_id, TEXT)
    headers = {"Idempotency-Key": "k1"}
    body = {"session_id": session_id, "query": {}}
    params = {"reuse": "unchanged"}
    first = await client.post(MAKE, params=params, json=body, headers=headers)
    await make(client, session_id)
    again = await client.post(MAKE, params=params, json=body, headers=headers)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["jobId"] == first.json()["jobId"]


async def test_a_bad_request_is_refused_before_anything_is_offered(
    client: httpx2.AsyncClient, noted: str
) -> None:
    assert (await ask(client, noted, tone=1)).status_code == 422
    assert (await ask(client, "nobody")).status_code == 404
