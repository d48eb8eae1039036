"""Whatever is sent, the answer is a 4xx that says what is wrong, and nothing is fetched or run."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from backend.settings import Settings
from backend.supervisor.spawn import end, spawn
from tests.fixtures.offstage import environment_of
from tests.paths import ROOT

JSON = {"Content-Type": "application/json"}
MIB = 1024 * 1024
FLAT = 10  # MiB; what is sent has 50


def _nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("depth", [50, 900, 1_100, 100_000])
async def test_deep_json_is_refused(
    client: httpx2.AsyncClient, session_id: str, depth: int
) -> None:
    deep, objects = _nested(depth), '{"a":' * depth + "1" + "}" * depth
    bodies = [
        ("POST", "/sessions", deep),
        ("POST", "/sessions", f'{{"title": {deep}}}'),
        ("POST", f"/sessions/{session_id}/materials", deep),
        ("PUT", f"/sessions/{session_id}/synopsis", f'{{"title": "x", "items": {deep}}}'),
        ("POST", "/jobs/agents/smoke/v1", f'{{"session_id": "s", "query": {{"echo": {deep}}}}}'),
        ("POST", "/jobs/agents/smoke/v1", f'{{"session_id": "s", "query": {objects}}}'),
    ]
    for method, path, body in bodies:
        answer = await client.request(method, path, content=body, headers=JSON)
        assert answer.status_code in (400, 422), (path, answer.text[:200])
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert (await client.get("/jobs")).json()["items"] == []


NO_AGENTS = [
    *["os.system", "..%2f..%2fx", "__class__", "smoke%0a", "smoke:v1", "%00", "{}", "%ff%fe"],
    *["backend.worker.tasks.run_agent_job", "smoke@v1", "смоук", "x" * 5_000],
]


async def test_a_name_that_is_no_agents_runs_nothing(client: httpx2.AsyncClient) -> None:
    paths = [f"/jobs/agents/{name}/v1" for name in NO_AGENTS]
    paths += [f"/jobs/agents/smoke/{name}" for name in NO_AGENTS]
    for path in paths:
        answer = await client.post(path, json={"session_id": "s"})
        assert answer.status_code == 404, path
        assert answer.json()["code"] in ("agent_not_found", "not_found")
        assert len(answer.content) < 1_000
    assert (await client.get("/jobs")).json()["items"] == []


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800", "a\\udc00b", "\\u001b"])
async def test_characters_that_can_not_be_stored_are_named(
    client: httpx2.AsyncClient, session_id: str, character: str
) -> None:
    job = f'"session_id": "{session_id}"'
    bodies = [
        ("POST", "/sessions", f'{{"title": "{character}"}}', "title"),
        ("POST", "/sessions", f'{{"title": "x", "goal": "{character}"}}', "goal"),
        ("PATCH", f"/sessions/{session_id}", f'{{"title": "{character}"}}', "title"),
        (
            "POST",
            f"/sessions/{session_id}/materials",
            f'{{"title": "{character}", "text": "x"}}',
            "title",
        ),
        ("POST", "/jobs/agents/smoke/v1", f'{{"session_id": "{character}"}}', "session_id"),
        (
            "POST",
            "/jobs/agents/smoke/v1",
            f'{{{job}, "query": {{"sleep_s": "{character}"}}}}',
            "query.sleep_s",
        ),
    ]
    await require_named(client, bodies)


async def require_named(
    client: httpx2.AsyncClient, bodies: list[tuple[str, str, str, str]]
) -> None:
    """Each is refused, and its field at fault, which stands last, is the one that is named."""
    headers = {**JSON, "If-Match": '"1"'}
    for method, path, body, field in bodies:
        answer = await client.request(method, path, content=body, headers=headers)
        assert answer.status_code == 422, (path, answer.text)
        assert [each["field"] for each in answer.json()["errors"]] == [field]


async def test_half_a_character_is_named_wherever_text_is_taken(
    client: httpx2.AsyncClient, session_id: str
) -> None:
    job = f'"session_id": "{session_id}"'
    half = "a\\ud800b"
    materials, synopsis = f"/sessions/{session_id}/materials", f"/sessions/{session_id}/synopsis"
    items = f'[{{"type": "text", "text": "{half}"}}]'
    notes = f'{{{job}, "query": {{"instructions": "{half}"}}}}'
    smoke = f'{{{job}, "query": {{"echo": "{half}"}}}}'
    bodies = [
        ("POST", materials, f'{{"title": "t", "text": "{half}"}}', "text"),
        ("PUT", synopsis, f'{{"title": "t", "items": {items}}}', "items.0.text.text"),
        *[
            ("PUT", synopsis, f'{{"title": "t", "items": [{{{item}}}]}}', f"items.0.{field}")
            for item, field in (
                (f'"type": "list", "items": ["x", "{half}"]', "list.items.1"),
                (f'"type": "code", "text": "x", "language": "{half}"', "code.language"),
            )
        ],
        ("POST", "/jobs/agents/smoke/v1", smoke, "query.echo"),
        ("POST", "/agents/synopsis_manager/v1/synopsis", notes, "query.instructions"),
    ]
    await require_named(client, bodies)


async def test_what_nobody_sees_is_taken_out_of_a_material(
    client: httpx2.AsyncClient, session_id: str
) -> None:
    body = '{"title": "t", "text": "A queue\\u0000 keeps\\u001b tasks."}'
    path = f"/sessions/{session_id}/materials"
    added = await client.post(path, content=body, headers=JSON)
    assert added.status_code == 201
    kept = await client.get(f"{path}/{added.json()['id']}")
    assert kept.json()["text"] == "A queue keeps tasks."


STRANGE = [
    *["/sessions/%00", "/sessions/%ff%fe", "/jobs/%ed%a0%80", "/jobs?session_id=%00"],
    *["/jobs?cursor=%00", "/sessions?cursor=AA", "/sessions?limit=1e9", "/jobs?agent=%ff"],
]
NO_SESSION = ["", "[]", "null", "1", '"x"', '{"title": 1e400}', '{"title": NaN}', '{"title": "x"']


async def test_strange_addresses_are_answered(client: httpx2.AsyncClient) -> None:
    for path in STRANGE:
        answer = await client.get(path)
        assert answer.status_code in (200, 404, 422), path
        assert answer.status_code != 200 or answer.json()["items"] == []


async def test_what_is_not_the_json_that_is_asked_for(client: httpx2.AsyncClient) -> None:
    for body in [*NO_SESSION, "\xff"]:
        answer = await client.post("/sessions", content=body.encode("latin-1"), headers=JSON)
        assert answer.status_code in (400, 422), body
        assert answer.json()["code"] in ("bad_request", "invalid_request")


async def test_unknown_fields_are_named_up_to_a_number(client: httpx2.AsyncClient) -> None:
    evil = {"owner": "anna", "id": "0" * 32, "__proto__": {}, "title": "x"}
    answer = await client.post("/sessions", json=evil)
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"owner", "id", "__proto__"}

    many = {"title": "x", **{f"f{number}": 1 for number in range(5_000)}}
    answer = await client.post("/sessions", json=many)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 50


@pytest.fixture
async def listener() -> AsyncIterator[tuple[str, list[str]]]:
    """An address on this machine, and who has connected to it."""
    came: list[str] = []

    async def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append("somebody")
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}", came


def _docx(url: str) -> bytes:
    """A Word file whose picture and template lie at `url`."""
    from docx import Document

    made = io.BytesIO()
    document = Document()
    document.add_paragraph(f"Смотри {url}/text")
    for kind in ("image", "attachedTemplate", "hyperlink"):
        relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
        document.part.relate_to(f"{url}/{kind}", relation, is_external=True)
    document.save(made)
    return made.getvalue()


async def test_no_address_is_ever_fetched(
    client: httpx2.AsyncClient, session_id: str, listener: tuple[str, list[str]]
) -> None:
    url, came = listener
    html = (
        f'<!DOCTYPE html SYSTEM "{url}/dtd"><html><head><base href="{url}/">'
        f'<link rel="stylesheet" href="{url}/css"><script src="{url}/js"></script></head><body>'
        f'<img src="{url}/img"><iframe src="{url}/frame"></iframe><object data="{url}/object">'
        f'</object><svg><image href="{url}/svg"/></svg><p>Очередь задач хранит работу.</p></body>'
    )
    xml = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{url}/entity">]><html><p>Текст &e;</p></html>'
    vtt = f"WEBVTT\n\nSTYLE\n@import url({url}/vtt);\n\n00:00.000 --> 00:01.000\nДа."
    files = {
        "page.html": html.encode(),
        "feed.html": xml.encode(),
        "notes.md": f"![x]({url}/md)\n\n[y]: {url}/ref\n\nТекст.".encode(),
        "talk.vtt": vtt.encode(),
        "word.docx": _docx(url),
    }
    address = f"/sessions/{session_id}/materials"
    for name, content in files.items():
        answer = await client.post(address, files={"file": (name, content)})
        assert answer.status_code in (201, 422), (name, answer.text)
    remarks = dict.fromkeys(("title", "description", "goal", "focus", "tone"), f"{url}/session")
    assert (await client.post("/sessions", json=remarks)).status_code == 201

    run = await client.post(
        "/agents/synopsis_manager/v1/synopsis?mode=sync",
        json={"session_id": session_id, "query": {"instructions": f"{url}/query"}},
    )
    assert run.status_code == 200
    for name in ("md", "html", "pdf"):
        file = await client.get(f"/sessions/{session_id}/synopsis/export?format={name}")
        assert file.status_code == 200
    hooks = {"webhook": url, "callback_url": url, "url": url}
    refused = await client.post("/jobs/agents/smoke/v1", json={"session_id": "s", **hooks})
    assert refused.status_code == 422
    refused = await client.post(
        "/jobs/agents/smoke/v1", json={"session_id": "s", "query": {"webhook": url}}
    )
    assert refused.status_code == 422
    assert came == []


@contextmanager
def _api_process(settings: Settings, log: Path) -> Iterator[tuple[str, int]]:
    """The API in a process of its own: its address and its id."""
    with socket.socket() as listening, log.open("wb") as written:
        listening.bind(("127.0.0.1", 0))
        # Whoever comes before it serves waits in line.
        listening.listen()
        command = [sys.executable, "-m", "uvicorn", "backend.api.app:create_app", "--factory"]
        server = spawn(
            [*command, "--fd", str(listening.fileno()), "--log-level", "warning"],
            env={**environment_of(settings), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=written,
            stderr=written,
            pass_fds=[listening.fileno()],
        )
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", server.pid
        finally:
            end(server, 10)


class Memory:
    """What a process holds, in MiB."""

    def __init__(self, pid: int) -> None:
        self._proc = Path(f"/proc/{pid}")
        self._before = 0.0

    def start(self) -> None:
        """Let the peak be counted from now on."""
        self._before = self._read("VmRSS")
        (self._proc / "clear_refs").write_text("5")

    def grown(self) -> float:
        """The peak since then, over what was held then."""
        return self._read("VmHWM") - self._before

    def _read(self, what: str) -> float:
        lines = (self._proc / "status").read_text().splitlines()
        (kib,) = (line.split()[1] for line in lines if line.startswith(f"{what}:"))
        return int(kib) / 1024


async def _endless(size: int, head: bytes = b"") -> AsyncIterator[bytes]:
    """Sent in chunks, without saying how much it will be."""
    yield head
    for _ in range(size // 65_536):
        yield b"[" * 65_536


FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'


def _bomb() -> bytes:
    """A Word file of some kilobytes that unpacks to 200 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(b" " * MIB)
    return made.getvalue()


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux' /proc")
async def test_memory_stays_flat_whatever_is_sent(settings: Settings, tmp_path: Path) -> None:
    big = 50 * MIB
    with _api_process(settings, tmp_path / "api.log") as (url, pid):
        async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
            made = await client.post("/sessions", json={"title": "x"})
            materials = f"/sessions/{made.json()['id']}/materials"
            await client.post(materials, files={"file": ("a.txt", b"word " * 10_000)})
            form = {"Content-Type": "multipart/form-data; boundary=x"}
            file, word = ("a.txt", b"x" * big), ("a.docx", _bomb())
            sent: list[tuple[str, dict[str, Any], int]] = [
                ("/sessions", {"content": b"[" * big, "headers": JSON}, FLAT),
                ("/sessions", {"content": _endless(big), "headers": JSON}, FLAT),
                (materials, {"files": {"file": file}}, FLAT),
                (materials, {"content": _endless(big, FORM), "headers": form}, FLAT),
                (materials, {"content": b"[" * big, "headers": JSON}, FLAT),
                # Held up to the largest material, because JSON is read as a whole.
                (materials, {"content": _endless(big), "headers": JSON}, 2 * 25),
                (materials, {"files": {"file": word}}, FLAT),
            ]
            memory = Memory(pid)
            for path, request, allowed_mib in sent:
                memory.start()
                answer = await client.post(path, **request)
                assert answer.status_code == 413, (path, answer.text)
                assert memory.grown() < allowed_mib, (path, request.keys())
            assert json.loads((await client.get("/sessions")).content)["items"]
