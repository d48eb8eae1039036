"""A fleet with an API process in front, and a client as quick as the standard library has."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from backend.supervisor.spawn import end
from bench.fleet import Fleet

_READY_WITHIN_S = 30


class Servers(Fleet):
    """Up while it is entered, with one worker. `connect()` gives a client with one connection."""

    def __init__(
        self,
        folder: Path,
        *,
        concurrency: int = 50,
        variables: Mapping[str, str] | None = None,
        app: str = "bench.app:create_bench_app",
        workers: int = 1,
    ) -> None:
        super().__init__(folder, concurrency=concurrency, variables=variables)
        self._app = app
        self._workers = workers
        self.port = free_port()
        self._api: subprocess.Popen[bytes] | None = None
        self._clients: list[Client] = []

    def __enter__(self) -> Self:
        super().__enter__()
        for _ in range(self._workers):
            self.start_worker()
        self._api = self.serve(self._app, self.port)
        try:
            self.wait_until_answered("/readyz" if self._workers else "/healthz", self.port)
        except BaseException as error:
            self.__exit__(type(error))
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for client in self._clients:
            client.close()
        if self._api is not None:
            end(self._api, timeout_s=10)
        super().__exit__(kind, *rest)

    @property
    def api_pid(self) -> int:
        assert self._api is not None
        return self._api.pid

    def serve(self, app: str, port: int) -> subprocess.Popen[bytes]:
        """One more process that serves what `app`, a factory, makes; its caller ends it."""
        uvicorn = ["-m", "uvicorn", "--factory", app, "--no-access-log", "--log-level", "warning"]
        as_we_serve = ["--no-proxy-headers", "--no-server-header"]
        return self.spawn([*uvicorn, *as_we_serve, "--port", str(port)])

    def connect(self, timeout_s: float = 30) -> Client:
        client = Client(self.port, timeout_s)
        self._clients.append(client)
        return client

    def wait_until_answered(self, path: str, port: int) -> None:
        client = Client(port)
        self._clients.append(client)
        give_up = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < give_up:
            with suppress(OSError):
                if client.get(path)[0] == http.HTTPStatus.OK:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"the servers weren't ready within {_READY_WITHIN_S} s")


class Client:
    """JSON over one kept connection, with as little of its own time as possible.

    `kind` is the media type of the last answer.
    """

    def __init__(self, port: int, timeout_s: float = 30) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
        self.kind = ""

    def get(self, path: str) -> tuple[int, Any]:
        return self._send("GET", path, None)

    def post(self, path: str, body: object) -> tuple[int, Any]:
        return self._send("POST", path, json.dumps(body))

    def close(self) -> None:
        self._connection.close()

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except OSError:
            # The next call connects anew.
            self._connection.close()
            raise
        self.kind = answer.headers.get_content_type()
        return answer.status, json.loads(answer.read() or b"null")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
