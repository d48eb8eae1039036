"""The connection goes to an address; the certificate is held against the name all the same."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from backend.errors import FetchFailed
from backend.web.fetching import Fetcher
from tests.fixtures.web_server import PUBLIC, FakeResolver, ok

HOST, OTHER = "api.example.org", "other.example.org"


def _certificate(folder: Path) -> Path:
    """A certificate for HOST, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class _OverTls(httpx2.AsyncHTTPTransport):
    """To a server on loopback in place of the pinned address, as it is otherwise."""

    def __init__(self, port: int, trusted: ssl.SSLContext) -> None:
        super().__init__(verify=trusted, trust_env=False)
        self._port = port

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        assert request.url.host == PUBLIC
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


@pytest.fixture
async def fetcher(tmp_path: Path) -> AsyncIterator[Fetcher]:
    path = _certificate(tmp_path)
    of_server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    of_server.load_cert_chain(path)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok(b"safe"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=of_server)
    trusted = ssl.create_default_context(cafile=str(path))
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield Fetcher(
            frozenset({HOST, OTHER}),
            "Offstage",
            resolve=FakeResolver([[ipaddress.ip_address(PUBLIC)]]),
            transport=lambda: _OverTls(port, trusted),
        )


async def test_a_certificate_for_the_name_is_accepted(fetcher: Fetcher) -> None:
    assert await fetcher.fetch(f"https://{HOST}/") == b"safe"


async def test_a_certificate_for_another_name_is_not(fetcher: Fetcher) -> None:
    with pytest.raises(FetchFailed, match="ConnectError"):
        await fetcher.fetch(f"https://{OTHER}/")
