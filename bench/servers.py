"""An Offstage of its own for the benchmarks: embedded Redis, SQLite, one worker, one API process."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from backend.supervisor.embedded_redis import EmbeddedRedis
from backend.supervisor.spawn import end, spawn

_READY_WITHIN_S = 30


class Servers:
    """Up while it is entered. `connect()` gives a client that keeps one connection open."""

    def __init__(self, folder: Path, *, concurrency: int = 50) -> None:
        self._folder = folder
        self._concurrency = concurrency
        self._stack = ExitStack()
        self.port = _free_port()

    def __enter__(self) -> Self:
        redis = self._stack.enter_context(EmbeddedRedis(self._folder))
        environment = {
            **os.environ,
            "REDIS_URL": redis.url,
            "DATABASE_URL": f"sqlite:///{self._folder / 'bench.db'}",
            "OFFSTAGE_DATA_DIR": str(self._folder),
            "AGENT_WORKER_CONCURRENCY": str(self._concurrency),
            "LOG_LEVEL": "warning",
        }
        uvicorn = ["-m", "uvicorn", "--factory", "bench.app:create_bench_app", "--no-access-log"]
        for command in (
            ["-m", "backend.worker.run"],
            [*uvicorn, "--port", str(self.port), "--log-level", "warning"],
        ):
            process = spawn(
                [sys.executable, *command], env=environment, stdout=subprocess.DEVNULL
            )
            self._stack.callback(end, process, timeout_s=10)
        self._wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def connect(self) -> Client:
        return Client(self.port)

    def _wait_until_ready(self) -> None:
        give_up = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < give_up:
            try:
                if self.connect().get("/readyz")[0] == http.HTTPStatus.OK:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise TimeoutError(f"the servers weren't ready within {_READY_WITHIN_S} s")


class Client:
    """JSON over one kept connection, with as little of its own time as the standard library has."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str) -> tuple[int, Any]:
        return self._send("GET", path, None)

    def post(self, path: str, body: object) -> tuple[int, Any]:
        return self._send("POST", path, json.dumps(body))

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} if body else {}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
