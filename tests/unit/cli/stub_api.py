"""A server that gives prepared answers over real HTTP and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]


@dataclass
class StubApi:
    """`answers` by `METHOD /path`: one, or a list whose last one repeats."""

    answers: dict[str, Answer | list[Answer]]
    asked: list[str] = field(default_factory=list)
    bodies: dict[str, Any] = field(default_factory=dict)
    url: str = ""

    def answer(self, request: str, body: bytes) -> Answer:
        self.asked.append(request)
        if body.startswith(b"{"):
            self.bodies[request] = json.loads(body)
        prepared = self.answers.get(request.partition("?")[0])
        if isinstance(prepared, list):
            return prepared.pop(0) if len(prepared) > 1 else prepared[0]
        return prepared or (404, problem("not_found", f"Nothing prepared for {request}."))


def problem(code: str, detail: str, **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": "Refused", "code": code, "detail": detail, **more}


@contextmanager
def serving(api: StubApi) -> Iterator[StubApi]:
    class Handler(BaseHTTPRequestHandler):
        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, answer = api.answer(f"{self.command} {self.path}", body)
            sent = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Tests say nothing."""

    for method in ("GET", "POST", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.serve)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
