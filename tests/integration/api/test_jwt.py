"""AUTH_MODE=jwt: an identity provider that publishes its keys over real HTTP, and forged tokens."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from backend.api.app import create_app
from backend.api.auth.jwks import KeySet, read_keys
from backend.api.auth.jwt import JwtChecker
from backend.errors import Misconfigured, TokenRefused, Unavailable
from backend.settings import Settings
from tests.fixtures.users import bearer
from tests.integration.api.conftest import started

AUDIENCE, ISSUER = "offstage", "https://id.example/"
RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
STRANGER = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
PUBLIC_PEM = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _jwk(key_id: str | None, public: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**public, **({} if key_id is None else {"kid": key_id}), **more}


STRANGER_JWK = RSAAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True)
RSA_JWK = _jwk("rsa", RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), use="sig")
EC_JWK = _jwk("ec", ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), alg="ES256")
ED_JWK = _jwk("ed", OKPAlgorithm.to_jwk(ED_KEY.public_key(), as_dict=True))


@dataclass
class Provider:
    """Publishes `keys`. `fetches` counts how often it was asked; `status` is what it answers."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [RSA_JWK, EC_JWK, ED_JWK])
    status: int = 200
    body: bytes | None = None
    fetches: int = 0
    url: str = ""


@pytest.fixture
def provider() -> Iterator[Provider]:
    published = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            published.fetches += 1
            body = published.body or json.dumps({"keys": published.keys}).encode()
            self.send_response(published.status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        published.url = f"http://127.0.0.1:{server.server_address[1]}/jwks.json"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield published
        server.shutdown()
        thread.join()


def _claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    given = {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "exp": now + 300, "nbf": now, **changed}
    return {name: value for name, value in given.items() if value is not None}


def _token(
    key: Any = RSA_KEY, algorithm: str = "RS256", kid: str | None = "rsa", **changed: Any
) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(_claims(**changed), key, algorithm=algorithm, headers=headers)


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def _checker(provider: Provider, clock: Clock | None = None) -> AsyncIterator[JwtChecker]:
    keys = KeySet(provider.url, clock=clock or Clock())
    checker = JwtChecker(keys, audience=AUDIENCE, issuer=ISSUER)
    yield checker
    await checker.aclose()


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [
        (RSA_KEY, "RS256", "rsa"),
        (RSA_KEY, "PS384", "rsa"),
        (EC_KEY, "ES256", "ec"),
        (ED_KEY, "EdDSA", "ed"),
    ],
)
async def test_a_signed_token_speaks_for_its_subject(
    provider: Provider, key: Any, algorithm: str, kid: str
) -> None:
    async with _checker(provider) as checker:
        caller = await checker.identify(_token(key, algorithm, kid, aud=["other", AUDIENCE]))
        assert caller.user_id == "jwt~anna"
        assert await caller.still_valid()
        odd = await checker.identify(_token(key, algorithm, kid, sub="auth0|Anna:1"))
        assert odd.user_id.startswith("jwt~~")
        assert ":" not in odd.user_id


NOW = int(time.time())


def _hmac_with_the_public_key() -> str:
    """The classic confusion: the public key, which everybody has, taken for a shared secret."""
    import base64
    import hashlib
    import hmac

    def part(value: Any) -> bytes:
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=")

    signed = part({"alg": "HS256", "kid": "rsa"}) + b"." + part(_claims())
    digest = hmac.new(PUBLIC_PEM, signed, hashlib.sha256).digest()
    return (signed + b"." + part(digest)).decode()


def _with_headers(key: Any = STRANGER, **headers: Any) -> str:
    return jwt.encode(_claims(), key, algorithm="RS256", headers={"kid": "rsa", **headers})


def _unsigned(algorithm: str) -> str:
    """`algorithm` in the header, and the signature of nothing."""
    head = json.dumps({"alg": algorithm, "kid": "rsa"}).encode()
    body = jwt.encode(_claims(), "", algorithm="none").split(".")[1]
    return f"{urlsafe_b64encode(head).rstrip(b'=').decode()}.{body}."


FORGED = {
    "its own key in its header": lambda: _with_headers(jwk=STRANGER_JWK),
    "its own key set": lambda: _with_headers(jku="http://127.0.0.1:1/jwks.json"),
    "its own certificate": lambda: _with_headers(x5u="http://127.0.0.1:1/", x5c=["MIIB"]),
    "what must be understood and isn't": lambda: _with_headers(RSA_KEY, crit=["x"], x=1),
    "NONE": lambda: _unsigned("NONE"),
    "None": lambda: _unsigned("None"),
    "no signature": lambda: _unsigned("RS256"),
    "a subject that is a number": lambda: _token(sub=7),
    "a subject that is a list": lambda: _token(sub=["anna"]),
    "an audience that is a pattern": lambda: _token(aud=[AUDIENCE + "x", "*"]),
    "another key": lambda: _token(STRANGER),
    "another key, no kid": lambda: _token(STRANGER, kid=None),
    "unsigned": lambda: jwt.encode(_claims(), "", algorithm="none", headers={"kid": "rsa"}),
    "HMAC with the public key": _hmac_with_the_public_key,
    "the EC key's id": lambda: _token(RSA_KEY, kid="ec"),
    "an unknown kid": lambda: _token(kid="other"),
    "a kid that is a path": lambda: _token(kid="../../dev/null"),
    "another audience": lambda: _token(aud="other"),
    "no audience": lambda: _token(aud=None),
    "another issuer": lambda: _token(iss="https://evil.example/"),
    "no issuer": lambda: _token(iss=None),
    "expired": lambda: _token(exp=NOW - 3_600),
    "no expiry": lambda: _token(exp=None),
    "an expiry that is no number": lambda: _token(exp="never"),
    "an expiry beyond time": lambda: _token(exp=10**40),
    "not yet": lambda: _token(nbf=NOW + 3_600),
    "no subject": lambda: _token(sub=None),
    "an empty subject": lambda: _token(sub=""),
    "a long subject": lambda: _token(sub="x" * 256),
    "half": lambda: _token().rpartition(".")[0],
    "changed": lambda: _token()[:-6] + "AAAAAA",
    "not one": lambda: "offstage_not-a-jwt",
    "dots": lambda: "..",
    "deep": lambda: jwt.encode({}, EC_KEY, algorithm="ES256").replace(".", ".W" + "1tb" * 2000, 1),
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_a_forged_one_is_refused(provider: Provider, forgery: str) -> None:
    async with _checker(provider) as checker:
        with pytest.raises(TokenRefused):
            await checker.identify(FORGED[forgery]())


async def test_an_expired_one_no_longer_lets_a_stream_go_on(provider: Provider) -> None:
    async with _checker(provider) as checker:
        caller = await checker.identify(_token(exp=NOW + 3_600))
        assert caller.expires_at is not None
        # Clocks may differ by half a minute.
        assert caller.expires_at.timestamp() == NOW + 3_630
        assert await caller.still_valid()
        late = replace(caller, expires_at=datetime.now(UTC))
        assert not await late.still_valid()


async def test_keys_are_fetched_once_and_anew_for_one_that_is_not_known(
    provider: Provider,
) -> None:
    clock = Clock()
    provider.keys = [EC_JWK]
    async with _checker(provider, clock) as checker:
        await asyncio.gather(*(checker.identify(_token(EC_KEY, "ES256", "ec")) for _ in range(20)))
        assert provider.fetches == 1

        provider.keys = [EC_JWK, RSA_JWK]
        for _ in range(50):
            with pytest.raises(TokenRefused):
                await checker.identify(_token())
        assert provider.fetches == 1  # fetched a moment ago
        clock.now += 30
        assert (await checker.identify(_token())).user_id == "jwt~anna"
        assert provider.fetches == 2


async def test_a_key_that_was_withdrawn_stops_counting(provider: Provider) -> None:
    clock = Clock()
    async with _checker(provider, clock) as checker:
        caller = await checker.identify(_token())
        provider.keys = [EC_JWK]
        clock.now += 3_600
        assert await caller.still_valid()  # the keys are being fetched meanwhile
        with pytest.raises(TokenRefused):
            await checker.identify(_token(kid="other"))  # waits for them
        assert not await caller.still_valid()


async def test_a_provider_that_is_away_is_unavailable_and_locks_nobody_out(
    provider: Provider,
) -> None:
    clock = Clock()
    async with _checker(provider, clock) as checker:
        provider.status = 500
        for _ in range(5):
            with pytest.raises(Unavailable):
                await checker.identify(_token())
        assert provider.fetches == 1  # and not asked for each request
        provider.status = 200
        clock.now += 5
        caller = await checker.identify(_token())

        provider.status = 500
        clock.now += 3_600
        assert await caller.still_valid()
        clock.now += 24 * 3_600
        with pytest.raises(Unavailable):
            await checker.identify(_token())
        # Nothing says that it doesn't count, so what is open may go on until it expires.
        assert await caller.still_valid()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (302, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys": 1}'),
        (200, b"[" * 100_000),
        (200, b'{"keys": []}' + b" " * 1_100_000),
    ],
)
async def test_what_is_no_key_set_is_not_used(provider: Provider, status: int, body: bytes) -> None:
    provider.status, provider.body = status, body
    async with _checker(provider) as checker:
        with pytest.raises(Unavailable):
            await checker.identify(_token())
        assert provider.fetches == 1


def test_only_public_signing_keys_of_a_set_are_used() -> None:
    secret = {"kty": "oct", "kid": "secret", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}
    others = [
        secret,
        {**RSA_JWK, "kid": "e", "use": "enc"},
        {**RSA_JWK, "kid": "h", "alg": "HS256"},
        {**RSA_JWK, "kid": "x", "alg": "ES256"},
        {**RSAAlgorithm.to_jwk(RSA_KEY, as_dict=True), "kid": "private"},
        {"kty": "RSA", "kid": "broken", "n": "", "e": ""},
        {"kty": "EC", "kid": "curve", "crv": "P-000", "x": "", "y": ""},
        {"kid": "none"},
        "text",
    ]
    assert [key.key_id for key in read_keys({"keys": [*others, RSA_JWK]})] == ["rsa"]
    only = read_keys({"keys": [{**RSA_JWK, "alg": "RS512"}]})
    assert only[0].algorithms == ("RS512",)


async def test_over_http(provider: Provider, settings: Settings) -> None:
    given = {
        "auth_mode": "jwt",
        "auth_jwt_jwks_url": provider.url,
        "auth_jwt_audience": AUDIENCE,
        "auth_jwt_issuer": ISSUER,
    }
    async with started(create_app(settings.model_copy(update=given))) as client:
        anna, boris = bearer(_token()), bearer(_token(sub="boris"))
        made = await client.post("/sessions", json={"title": "x"}, headers=anna)
        assert made.status_code == 201
        path = made.headers["Location"]
        assert (await client.get(path, headers=anna)).status_code == 200
        assert (await client.get(path, headers=boris)).json()["code"] == "session_not_found"
        for refused in (bearer(_token(STRANGER)), bearer(_token(exp=1))):
            answer = await client.get(path, headers=refused)
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
        provider.status = 500
        who = await client.get("/whoami", headers=anna)
        assert who.json() == {"mode": "jwt", "userId": "jwt~anna"}
        # The page can be signed in too, for as long as the token counts.
        signed_in = await client.post("/login", json={"token": _token()})
        assert 200 < int(signed_in.headers["Set-Cookie"].split("Max-Age=")[1].split(";")[0]) < 340


async def test_what_is_missing_is_named_at_the_start(settings: Settings) -> None:
    given = {"auth_mode": "jwt", "auth_jwt_audience": AUDIENCE}
    app = create_app(settings.model_copy(update=given))
    with pytest.raises(Misconfigured, match="needs AUTH_JWT_JWKS_URL, AUTH_JWT_ISSUER"):
        async with started(app):
            pass
