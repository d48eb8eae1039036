"""`offstage up`: what it refuses before anything is started, and what it says when ready."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from backend.cli.up import ready_message
from backend.settings import Settings
from tests.unit.cli.conftest import Offstage


def test_a_taken_port_is_named_and_another_one_offered(offstage: Offstage, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = offstage("up", "--port", str(port))
    assert result.exit_code == 1
    assert f"Port {port} on 127.0.0.1 is taken" in result.stderr
    assert "--port" in result.stderr
    assert result.stdout == ""


def test_strangers_are_not_listened_to(offstage: Offstage) -> None:
    result = offstage("up", "--host", "0.0.0.0")
    assert result.exit_code == 1
    assert "loopback only, not on 0.0.0.0" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("AUTH_MODE", "jwt", "needs AUTH_JWT_JWKS_URL, AUTH_JWT_AUDIENCE, AUTH_JWT_ISSUER"),
        ("REDIS_URL", "amqp://me:topsecret@host", "REDIS_URL isn't the address of a Redis"),
        ("REDIS_URL", "redis://me:topsecret@127.0.0.1:1/0", "at redis://127.0.0.1:1/0 (REDIS_URL)"),
        ("DATABASE_URL", "mysql://me:topsecret@host/name", "use postgresql:// or sqlite:///"),
        (
            "DATABASE_URL",
            "postgresql://me:topsecret@127.0.0.1:1/x",
            "at postgresql://127.0.0.1:1/x",
        ),
    ],
)
def test_what_is_set_up_wrongly_is_told_before_anything_starts(
    offstage: Offstage,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    value: str,
    told: str,
) -> None:
    monkeypatch.setenv(name, value)
    result = offstage("up", "--port", "0")
    assert result.exit_code == 1
    assert told in result.stderr
    assert "topsecret" not in result.stderr
    assert not (tmp_path / "data").exists()


def test_ready_tells_address_data_redis_database_and_model(tmp_path: Path) -> None:
    lines = ready_message("http://127.0.0.1:8765", Settings(offstage_data_dir=tmp_path))
    assert "http://127.0.0.1:8765" in lines
    assert str(tmp_path) in lines
    assert "embedded" in lines
    assert f"SQLite, {tmp_path / 'offstage.db'}" in lines
    assert "offline:extractive: no key, no network" in lines


def test_ready_names_servers_without_their_passwords() -> None:
    settings = Settings(
        redis_url=SecretStr("rediss://me:topsecret@redis.example:6380/1?password=topsecret"),
        database_url=SecretStr("postgresql+asyncpg://me:topsecret@db.example/notes"),
        agents_default_model="anthropic:some-model",
    )
    told = ready_message("http://127.0.0.1:1", settings)
    assert "rediss://redis.example:6380/1 (REDIS_URL)" in told
    assert "postgresql://db.example/notes (DATABASE_URL)" in told
    assert "anthropic:some-model" in told
    assert "topsecret" not in told
