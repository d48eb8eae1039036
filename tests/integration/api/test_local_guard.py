"""Other web sites can't use an Offstage that has no password."""

from __future__ import annotations

import httpx2
import pytest

from backend.api.app import create_app
from backend.api.middleware.host_guard import is_loopback, require_loopback
from backend.errors import Misconfigured
from backend.settings import Settings
from tests.integration.api.conftest import started


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8765", "127.0.0.1", "127.8.9.1:80", "localhost:5173", "LOCALHOST", "[::1]:8765"],
)
async def test_loopback_is_served(client: httpx2.AsyncClient, host: str) -> None:
    assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.0.7",
        "user@evil.example",
        "127.0.0.1@evil.example",
        "[::1",
        "",
    ],
)
async def test_a_foreign_name_is_not(client: httpx2.AsyncClient, host: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/sessions"), ("POST", "/sessions")):
        answer = await client.request(method, path, headers={"Host": host})
        assert (answer.status_code, answer.json()["code"]) == (421, "host_not_allowed")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8765"},
    ],
)
async def test_another_sites_post_is_refused(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    made = await client.post("/sessions", json={"title": "x"}, headers=headers)
    assert (made.status_code, made.json()["code"]) == (403, "cross_site")
    deleted = await client.delete("/sessions/x", headers=headers)
    assert deleted.status_code == 403
    assert (await client.get("/sessions")).json()["items"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://127.0.0.1:8765"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_our_own_post_is_served(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    made = await client.post("/sessions", json={"title": "x"}, headers=headers)
    assert made.status_code == 201


async def test_named_hosts_take_the_place_of_loopback(settings: Settings) -> None:
    named = settings.model_copy(update={"offstage_allowed_hosts": "notes.example, api"})
    async with started(create_app(named)) as client:
        for host, status in (("Notes.example:443", 200), ("api", 200), ("127.0.0.1", 421)):
            assert (await client.get("/healthz", headers={"Host": host})).status_code == status


def test_only_loopback_is_listened_on_without_named_hosts(settings: Settings) -> None:
    for host in ("127.0.0.1", "127.1.2.3", "::1", "localhost"):
        require_loopback(host, settings)
    for host in ("0.0.0.0", "::", "192.168.1.2", "example.com", ""):
        with pytest.raises(Misconfigured, match="OFFSTAGE_ALLOWED_HOSTS"):
            require_loopback(host, settings)
    named = settings.model_copy(update={"offstage_allowed_hosts": "api"})
    require_loopback("0.0.0.0", named)


def test_loopback_is_a_name_or_an_address() -> None:
    assert not is_loopback("127.0.0.1.evil.example")
    assert not is_loopback("0.0.0.0")
    assert is_loopback("::1")
    assert is_loopback("[::1]")
