"""All of Offstage with the built page, and a person's hands on it.

`offstage` answers with the offline model; `with_provider` asks the stand-in for an LLM provider,
which can be slow or refuse, so that tests see runs under way and runs that fail.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from backend.settings import Settings
from backend.supervisor.stack import Stack
from tests.browser.notes_page import NotesPage, OpenPage
from tests.fixtures.aimock import AiMock
from tests.paths import ROOT

# The machine may be busy with other tests.
expect.set_options(timeout=15_000)

# What the stand-in answers: notes on the one part there is, then what stands above them.
PART_NOTES = {
    "items": [
        {"kind": "heading", "text": "Очередь задач", "level": 2, "cites": [1]},
        {"kind": "definition", "term": "Воркер", "text": "забирает задачи", "cites": [2]},
    ]
}
OVERVIEW = {"title": "Очереди задач", "summary": [], "repeated": []}


@contextmanager
def running_offstage(settings: Settings | None = None, **environment: str) -> Iterator[str]:
    """The address of an Offstage with these settings and `environment`, which only its start sees.

    Without any, nothing is configured.
    """
    if not (ROOT / "frontend" / "dist" / "index.html").is_file():
        pytest.skip("the page is not built: run `make setup` once")
    with tempfile.TemporaryDirectory(prefix="offstage-") as folder:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("REDIS_URL", "DATABASE_URL", "AGENTS_DEFAULT_MODEL"):
                patch.delenv(name, raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            stack = Stack(
                settings.offstage_data_dir if settings else Path(folder),
                "127.0.0.1",
                0,
                settings=settings or Settings(_env_file=None),
                write_line=lambda line: None,
            )
            stack.start()
        try:
            yield stack.url
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def offstage() -> Iterator[str]:
    """The address of an Offstage where nothing is configured."""
    with running_offstage() as url:
        yield url


@pytest.fixture(scope="session")
def offstage_with_provider(aimock_server: AiMock) -> Iterator[str]:
    with running_offstage(
        AGENTS_DEFAULT_MODEL="openai-chat:stand-in",
        OPENAI_BASE_URL=aimock_server.openai_url,
        OPENAI_API_KEY="not-a-secret",
    ) as url:
        yield url


@pytest.fixture
def with_provider(offstage_with_provider: str, aimock: AiMock) -> str:
    """The address of an Offstage whose provider answers well, until a test disturbs it."""
    answer_notes(aimock)
    return offstage_with_provider


def answer_notes(aimock: AiMock) -> None:
    """Let the provider answer both questions of a run, again and again."""
    aimock.answer(_final(OVERVIEW), systemMessage="finished study notes")
    aimock.answer(_final(PART_NOTES))


def _final(answer: dict[str, Any]) -> dict[str, Any]:
    return {"toolCalls": [{"name": "final_result", "arguments": answer}]}


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages as visitors do; fails a test whose page broke or was stopped by its policy."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def heed(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", heed)

    async def open_(address: str, **visitor: Any) -> NotesPage:
        context = await browser.new_context(**{"locale": "ru-RU", **visitor})
        context.set_default_timeout(15_000)
        context.on("page", watch)
        contexts.append(context)
        page = await context.new_page()
        await page.goto(address)
        return NotesPage(page)

    yield open_
    for context in contexts:
        await context.close()
    assert complaints == []
