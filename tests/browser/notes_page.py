"""The page as a person sees it: what can be done on it, in a person's words (Russian)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

OpenPage = Callable[..., Awaitable["NotesPage"]]

LECTURE = (
    "Очередь задач хранит описания работы. Воркер забирает задачи и выполняет их. "
    "Аренда — это право выполнять задачу в течение ограниченного времени."
)


class NotesPage:
    """A tab. Locators are looked up anew at each use, so that they outlive a reload."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def material(self, title: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{title}"))

    @property
    def overlay(self) -> Locator:
        """The notes, or the wait for them, over the page."""
        return self.page.get_by_role("dialog", name="Конспект")

    @property
    def items(self) -> Locator:
        return self.overlay.locator("[data-item-type]")

    @property
    def jobs(self) -> Locator:
        return self.page.locator("[data-job-id]")

    @property
    def session_id(self) -> str:
        return self.page.url.partition("/s/")[2].partition("?")[0]

    async def create_session(self, title: str) -> None:
        await self.page.get_by_label("Название").fill(title)
        await self.button("Создать").click()
        await expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    async def choose(self, *files: Path | dict[str, Any]) -> None:
        await self.page.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]

    async def drop(self, name: str, content: str) -> None:
        """Drops a file on the material's pane, as from the desktop."""
        transfer = await self.page.evaluate_handle(
            """([name, content]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([content], name, { type: "text/plain" }));
                return transfer;
            }""",
            [name, content],
        )
        pane = self.page.get_by_role("region", name="Материалы")
        for event in ("dragenter", "dragover", "drop"):
            await pane.dispatch_event(event, {"dataTransfer": transfer})

    async def add_lecture(self) -> None:
        await self.drop("Лекция.txt", LECTURE)
        await expect(self.material("Лекция TXT")).to_be_visible()

    async def open_notes(self) -> None:
        await self.button("Открыть конспект").click()
        await expect(self.items.first).to_be_visible()

    async def second_tab(self) -> NotesPage:
        page = await self.page.context.new_page()
        await page.goto(self.page.url)
        return NotesPage(page)

    async def count_jobs(self) -> int:
        """How many runs the server knows of in this session."""
        jobs = await self.page.evaluate(
            "id => fetch(`/jobs?session_id=${id}`).then(answer => answer.json())", self.session_id
        )
        return len(jobs["items"])
