"""What is fetched, and above all what isn't."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator

import pytest

from backend.errors import FetchFailed, FetchRefused
from backend.web.addresses import allowed_place, is_public
from backend.web.fetching import Fetcher
from tests.fixtures.web_server import PUBLIC, FakeResolver, WebServer, ok, redirect, serve_web

HOST = "api.example.org"
HOSTS = frozenset({HOST, "other.example.org"})
METADATA = "169.254.169.254"


def _resolver(*answers: str) -> FakeResolver:
    return FakeResolver(
        [[ipaddress.ip_address(one) for one in answer.split()] for answer in answers]
    )


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with serve_web() as server:
        yield server


def _fetcher(
    web: WebServer,
    resolver: FakeResolver | None = None,
    *,
    timeout_s: float = 20,
    max_bytes: int = 1_000,
) -> Fetcher:
    return Fetcher(
        HOSTS,
        "Offstage (mailto:ops@example.org)",
        max_bytes=max_bytes,
        timeout_s=timeout_s,
        resolve=resolver or _resolver(PUBLIC),
        transport=web.transport,
    )


async def test_an_allowed_host_is_dialled_at_the_address_that_was_checked(web: WebServer) -> None:
    web.answers[f"{HOST}/works"] = ok(b"found")
    resolver = _resolver(PUBLIC)
    body = await _fetcher(web, resolver).fetch(f"https://{HOST}/works?q=cache%20line")
    assert body == b"found"
    assert resolver.asked == [HOST]
    assert web.dialled == [f"{PUBLIC} {HOST}"]
    (request,) = web.requests
    assert request.startswith("GET /works?q=cache%20line HTTP/1.1\r\n")
    sent = {line.partition(":")[0].lower() for line in request.strip().split("\r\n")[1:]}
    assert sent == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_a_name_that_resolves_otherwise_a_moment_later_changes_nothing(
    web: WebServer,
) -> None:
    web.answers[f"{HOST}/a"] = redirect("/b")
    web.answers[f"{HOST}/b"] = ok(b"never")
    resolver = _resolver(PUBLIC, "127.0.0.1")
    with pytest.raises(FetchRefused, match="public internet"):
        await _fetcher(web, resolver).fetch(f"https://{HOST}/a")
    assert web.dialled == [f"{PUBLIC} {HOST}"]


@pytest.mark.parametrize(
    "addresses", ["127.0.0.1", METADATA, "10.1.2.3", f"{PUBLIC} 192.168.0.1", "::1", ""]
)
async def test_a_name_that_leads_inside_is_not_dialled(web: WebServer, addresses: str) -> None:
    with pytest.raises(FetchRefused):
        await _fetcher(web, _resolver(addresses)).fetch(f"https://{HOST}/")
    assert web.dialled == []


@pytest.mark.parametrize(
    "location",
    [
        f"http://{METADATA}/latest/meta-data/",
        f"https://{METADATA}/",
        f"http://{HOST}/plain",
        "https://evil.example.com/",
        f"//{METADATA}/",
        f"https://{HOST}:8443/",
        f"https://user:secret@{HOST}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
    ],
)
async def test_a_redirect_passes_the_same_gate(web: WebServer, location: str) -> None:
    web.answers[f"{HOST}/"] = redirect(location)
    with pytest.raises(FetchRefused):
        await _fetcher(web).fetch(f"https://{HOST}/")
    assert len(web.dialled) == 1


async def test_a_redirect_to_an_allowed_host_is_followed_a_few_times(web: WebServer) -> None:
    web.answers[f"{HOST}/"] = redirect("https://other.example.org/there")
    web.answers["other.example.org/there"] = ok(b"here")
    web.answers[f"{HOST}/loop"] = redirect("/loop")
    assert await _fetcher(web).fetch(f"https://{HOST}/") == b"here"
    with pytest.raises(FetchFailed, match="redirects"):
        await _fetcher(web).fetch(f"https://{HOST}/loop")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.org/",
        "https://api.example.org:444/",
        "https://api.example.org.evil.com/",
        "https://evil.com/?https://api.example.org/",
        "https://api.example.org@evil.com/",
        "https://me:pass@api.example.org/",
        "https://api.example.org\\@evil.com/",
        "https://api.example.org\n.evil.com/",
        "https://api.example.org%2eevil.com/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://①②⑦.⓪.⓪.①/",
        "https://аpi.example.org/",
        "https:///",
        "https://[/",
        "//api.example.org/",
        "",
    ],
)
def test_no_other_way_to_write_an_address_is_taken(url: str) -> None:
    with pytest.raises(FetchRefused):
        allowed_place(url, HOSTS)


def test_a_host_that_is_allowed_is_taken_however_it_is_spelled() -> None:
    place = allowed_place("https://API.Example.org.:443/a/b?c=d#e", HOSTS)
    assert place.url == "https://api.example.org/a/b?c=d"


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 "
    "224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 "
    "::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00::1 ff02::1 fec0::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 "
    "192.0.0.8 192.0.0.192 192.88.99.1 64:ff9b:1::a00:1 3fff::1 5f00::1 "
    "64:ff9b::7f00:1 64:ff9b::808:808 2002:7f00:1:: 2001:0:53aa:64c::1 2001:db8::1".split(),
)
def test_addresses_inside_are_told_from_public_ones(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert is_public(ipaddress.ip_address(PUBLIC))
    assert is_public(ipaddress.ip_address("2606:4700::1111"))


async def test_no_more_is_read_than_may_be(web: WebServer) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    web.answers[f"{HOST}/"] = endless
    with pytest.raises(FetchFailed, match="1000 bytes"):
        await _fetcher(web).fetch(f"https://{HOST}/")


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\nbegun"])
async def test_a_site_that_never_ends_its_answer_is_left(web: WebServer, head: bytes) -> None:
    left = asyncio.Event()

    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()
        await left.wait()

    web.answers[f"{HOST}/"] = slow
    with pytest.raises(FetchFailed, match="within"):
        await _fetcher(web, timeout_s=0.2).fetch(f"https://{HOST}/")
    left.set()


async def test_what_is_compressed_unasked_is_not_unpacked(web: WebServer) -> None:
    web.answers[f"{HOST}/"] = ok(b"\x1f\x8b", "Content-Encoding: gzip")
    with pytest.raises(FetchFailed, match="compressed"):
        await _fetcher(web).fetch(f"https://{HOST}/")


async def test_an_answer_that_is_an_error_says_so_and_no_more(web: WebServer) -> None:
    web.answers[f"{HOST}/"] = b"HTTP/1.1 503 Busy\r\nContent-Length: 6\r\n\r\nsecret"
    with pytest.raises(FetchFailed) as caught:
        await _fetcher(web).fetch(f"https://{HOST}/")
    assert caught.value.message == "It answered 503."


async def test_a_connection_that_breaks_is_a_failure(web: WebServer) -> None:
    web.answers[f"{HOST}/"] = b"not http at all\r\n\r\n"
    with pytest.raises(FetchFailed, match="broke"):
        await _fetcher(web).fetch(f"https://{HOST}/")
