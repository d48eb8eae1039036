"""From the click to the notes: a page of text with the offline model, over HTTP like the page."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from bench.report import Table
from bench.samples import one_page
from bench.servers import Client, Servers

_RUNS = 10
_WITHIN_S = 2.0
_POLL_S = 0.05


def run(folder: Path) -> Table:
    with Servers(folder) as servers:
        client = servers.connect()
        times = [_click_to_notes(client) for _ in range(_RUNS)]
    worst = max(times)
    table = Table(f"one page of text ({len(one_page())} characters) to notes, offline model")
    table.add("median", f"{statistics.median(times):.2f} s")
    table.add("slowest", f"{worst:.2f} s", goal=f"<= {_WITHIN_S:g} s", met=worst <= _WITHIN_S)
    return table


def _click_to_notes(client: Client) -> float:
    _, session = client.post("/sessions", {"title": "bench"})
    client.post(f"/sessions/{session['id']}/materials", {"title": "page", "text": one_page()})
    began = time.perf_counter()
    status, _ = client.post(
        "/agents/synopsis_manager/v1/synopsis", {"session_id": session["id"], "query": {}}
    )
    assert status == 202
    while True:
        status, body = client.get(f"/sessions/{session['id']}/synopsis")
        if status == 200:
            assert body["items"]
            return time.perf_counter() - began
        time.sleep(_POLL_S)
