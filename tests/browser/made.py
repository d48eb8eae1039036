"""Sessions with material, and with what was made of it, open on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.notes_page import NotesPage, OpenPage
from tests.paths import ROOT

LECTURE = (ROOT / "tests" / "samples" / "lecture_ru.txt").read_text(encoding="utf-8")
MADE = {
    "План обучения": ("Составить план", "Открыть план"),
    "Аналитика": ("Проанализировать", "Открыть аналитику"),
    "Источники": ("Найти источники", "Открыть источники"),
}


async def session_open(open_page: OpenPage, address: str, **visitor: Any) -> NotesPage:
    """A session with a lecture of some length."""
    tab: NotesPage = await open_page(address, **visitor)
    await tab.create_session("Очереди задач")
    await tab.drop("Лекция.txt", LECTURE)
    await expect(tab.material("Лекция")).to_be_visible()
    return tab


async def made(tab: NotesPage, title: str) -> Locator:
    """The overlay with what was just made, one of `MADE`."""
    make, open_ = MADE[title]
    await tab.button(make).click()
    await tab.button(open_).click()
    overlay = tab.page.get_by_role("dialog", name=title)
    await expect(overlay.get_by_role("article")).to_be_visible()
    return overlay


async def notes_open(open_page: OpenPage, address: str, **visitor: Any) -> NotesPage:
    """Notes on three sentences."""
    tab: NotesPage = await open_page(address, **visitor)
    await tab.create_session("Очереди задач")
    await tab.add_lecture()
    await tab.button("Сформировать конспект").click()
    await tab.open_notes()
    return tab


async def edit(overlay: Locator) -> Locator:
    """The form of what is open."""
    await overlay.get_by_role("button", name="Изменить", exact=True).click()
    form = overlay.get_by_role("form", name="Изменить")
    await expect(form).to_be_visible()
    return form


async def save_elsewhere(
    tab: NotesPage, kind: str, changed: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Saves a version as an agent's or another person's comes: not from this page."""
    address = f"{tab.page.url.partition('/s/')[0]}/sessions/{tab.session_id}/{kind}"
    answer = await tab.page.request.get(address)
    body = changed(await answer.json())
    saved = await tab.page.request.put(
        address, data=body, headers={"If-Match": answer.headers["etag"]}
    )
    assert saved.ok, await saved.text()
