"""Sessions by HTTP."""

from __future__ import annotations

import httpx2
import pytest


async def test_a_session_is_made_read_changed_and_deleted(client: httpx2.AsyncClient) -> None:
    made = await client.post("/sessions", json={"title": " Лекция 1 ", "goal": "экзамен"})
    assert made.status_code == 201
    body = made.json()
    assert made.headers["Location"] == f"/sessions/{body['id']}"
    assert set(body) == {
        "id", "title", "description", "goal", "focus", "tone", "language", "createdAt", "updatedAt",
    }  # fmt: skip
    assert (body["title"], body["goal"], body["tone"]) == ("Лекция 1", "экзамен", None)
    assert body["createdAt"].endswith("Z")

    address = made.headers["Location"]
    assert (await client.get(address)).json() == body

    changed = await client.patch(address, json={"goal": None, "language": "ru"})
    assert changed.status_code == 200
    assert changed.json() == {
        **body, "goal": None, "language": "ru", "updatedAt": changed.json()["updatedAt"],
    }  # fmt: skip
    assert changed.json()["updatedAt"] > body["updatedAt"]

    gone = await client.delete(address)
    assert (gone.status_code, gone.content) == (204, b"")
    for method in ("GET", "DELETE"):
        again = await client.request(method, address)
        assert (again.status_code, again.json()["code"]) == (404, "session_not_found")


async def test_sessions_are_listed_in_pages(client: httpx2.AsyncClient) -> None:
    for number in range(3):
        await client.post("/sessions", json={"title": f"{number}"})
    first = (await client.get("/sessions", params={"limit": 2})).json()
    assert [item["title"] for item in first["items"]] == ["2", "1"]
    last = (
        await client.get("/sessions", params={"limit": 2, "cursor": first["nextCursor"]})
    ).json()
    assert [item["title"] for item in last["items"]] == ["0"]
    assert last["nextCursor"] is None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"title"}),
        ({"title": ""}, {"title"}),
        ({"title": "  "}, {"title"}),
        ({"title": "x" * 301}, {"title"}),
        ({"title": "a\x00b"}, {"title"}),
        ({"title": 7, "tone": ["x"]}, {"title", "tone"}),
        ({"title": "x", "language": "по-русски"}, {"language"}),
        ({"title": "x", "titel": "hunter2"}, {"titel"}),
        (["hunter2"], {"body"}),
    ],
)
async def test_each_field_at_fault_is_named_and_no_value_repeated(
    client: httpx2.AsyncClient, body: object, fields: set[str]
) -> None:
    answer = await client.post("/sessions", json=body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid_request"
    assert {each["field"] for each in problem["errors"]} == fields
    assert "hunter2" not in answer.text
    assert (await client.get("/sessions")).json()["items"] == []


async def test_a_lone_surrogate_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await client.post(
        "/sessions", content=b'{"title": "\\ud800"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "title"


async def test_a_title_can_not_be_emptied(client: httpx2.AsyncClient, session_id: str) -> None:
    answer = await client.patch(f"/sessions/{session_id}", json={"title": None})
    assert answer.status_code == 422
    assert "title" in answer.text
    assert (await client.get(f"/sessions/{session_id}")).json()["title"] == "Лекция"


@pytest.mark.parametrize(
    ("params", "field"),
    [({"limit": "0"}, "limit"), ({"limit": "101"}, "limit"), ({"cursor": "made-up"}, "cursor")],
)
async def test_a_page_that_can_not_be_is_refused(
    client: httpx2.AsyncClient, params: dict[str, str], field: str
) -> None:
    answer = await client.get("/sessions", params=params)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
