"""The embedded Redis: real, private, durable, and gone when it should be."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from backend.errors import Misconfigured
from backend.settings import redis_socket_path
from backend.supervisor import redis_binary
from backend.supervisor.embedded_redis import EmbeddedRedis
from backend.supervisor.errors import ChildFailed, NoRedis
from backend.supervisor.redis_binary import find_redis
from tests.processes import is_running, wait_until_gone

PARENT = """
import sys, time
from pathlib import Path
from backend.supervisor.embedded_redis import EmbeddedRedis
print(EmbeddedRedis(Path(sys.argv[1])).start().pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Short enough for a socket inside it."""
    with tempfile.TemporaryDirectory(prefix="offstage-") as folder:
        yield Path(folder)


def test_it_keeps_its_data_and_opens_no_port(data_dir: Path) -> None:
    for expected in (None, b"kept"):
        with EmbeddedRedis(data_dir) as server, redis.Redis.from_url(server.url) as client:
            assert client.get("key") == expected
            client.set("key", "kept")
            config = client.config_get()
    assert config["port"] == "0"
    assert config["maxmemory-policy"] == "noeviction"
    assert (config["appendonly"], config["appendfsync"]) == ("yes", "everysec")
    assert not server.socket_path.exists()


def test_only_its_user_can_reach_it(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir) as server:
        assert stat.S_IMODE(server.socket_path.stat().st_mode) == 0o700
        assert stat.S_IMODE((data_dir / "redis").stat().st_mode) == 0o700


def test_it_dies_with_a_killed_parent_and_loses_nothing(data_dir: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        redis_pid = int(parent.stdout.readline())
        assert is_running(redis_pid)
        with redis.Redis(unix_socket_path=str(redis_socket_path(data_dir))) as client:
            client.set("key", "kept")
        parent.kill()
        wait_until_gone(redis_pid)
    with EmbeddedRedis(data_dir) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("key") == b"kept"


def test_a_long_path_gets_a_private_socket_elsewhere(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long" * 30)
    with EmbeddedRedis(data_dir) as server:
        folder = server.socket_path.parent
        assert data_dir not in server.socket_path.parents
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    shutil.rmtree(folder)


def test_a_socket_folder_that_others_can_open_is_refused(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path / ("long" * 30))
    server.socket_path.parent.mkdir()
    server.socket_path.parent.chmod(0o777)
    with pytest.raises(Misconfigured, match="only you can open"):
        server.start()
    server.socket_path.parent.rmdir()


def test_a_second_one_on_the_same_data_is_refused(data_dir: Path) -> None:
    with EmbeddedRedis(data_dir), pytest.raises(ChildFailed, match="already answers"):
        EmbeddedRedis(data_dir).start()


def test_damaged_data_is_told_in_the_words_of_redis(data_dir: Path) -> None:
    (data_dir / "redis").mkdir()
    (data_dir / "redis" / "appendonly.aof").write_bytes(b"this is no append-only file\n" * 3)
    with pytest.raises(ChildFailed, match="Bad file format") as caught:
        EmbeddedRedis(data_dir).start()
    assert "redis.log" in caught.value.message


def test_data_of_a_newer_redis_is_not_silently_left_out(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_dir / "redis" / "appendonlydir").mkdir(parents=True)
    monkeypatch.setattr(redis_binary, "_version", lambda _path: (6, 2))
    with pytest.raises(Misconfigured, match="written by Redis 7"):
        EmbeddedRedis(data_dir).start()


def test_without_any_redis_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(redis_binary.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(NoRedis, match="Install redis-server or valkey-server"):
        find_redis()


def test_a_redis_that_is_too_old_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _fake_server(tmp_path, "redis-server", "Redis server v=5.0.14 sha=0")
    new = _fake_server(tmp_path, "valkey-server", "Valkey server v=8.1.0 sha=0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert old.exists()
    found = find_redis()
    assert (found.path, found.version) == (new, (8, 1))


def _fake_server(folder: Path, name: str, answer: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path
