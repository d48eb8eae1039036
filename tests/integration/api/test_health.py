"""Whether Offstage is alive, ready, and what it is made of."""

from __future__ import annotations

import httpx2

from backend.agents.registry import all_agents


async def test_alive_needs_nothing(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_not_ready_without_a_worker(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["worker"]


async def test_agents_are_listed_with_their_schemas(client: httpx2.AsyncClient) -> None:
    listed = (await client.get("/agents")).json()["items"]
    assert [f"{each['id']}@{each['version']}" for each in listed] == [
        spec.name for spec in all_agents()
    ]
    assert [each["id"] for each in listed if each["forDrills"]] == ["smoke"]
    notes = next(each for each in listed if each["id"] == "synopsis_manager")
    assert notes["saves"] == "synopsis"
    assert notes["needsMaterial"] is True
    assert notes["inputSchema"]["type"] == "object"
    assert {"title", "items"} <= set(notes["outputSchema"]["properties"])
