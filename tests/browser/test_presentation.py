"""Languages, themes, keyboard, screen readers and narrow screens."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from tests.browser.access import assert_nothing_in_the_way, each_visitor
from tests.browser.made import notes_open
from tests.browser.notes_page import NotesPage, OpenPage


@each_visitor
async def test_nothing_stands_in_a_readers_way(
    open_page: OpenPage, offstage: str, visitor: dict[str, Any]
) -> None:
    tab = await notes_open(open_page, offstage, **visitor)
    await assert_nothing_in_the_way(tab.page)
    await tab.page.keyboard.press("Escape")
    await expect(tab.overlay).to_be_hidden()
    await assert_nothing_in_the_way(tab.page)
    await tab.page.get_by_role("link", name="Все сессии").click()
    await expect(tab.button("Создать")).to_be_visible()
    await assert_nothing_in_the_way(tab.page)


async def test_the_browser_chooses_the_language_and_the_switch_wins(
    open_page: OpenPage, offstage: str
) -> None:
    tab: NotesPage = await open_page(offstage, locale="en-GB")
    title = tab.page.get_by_role("heading", level=1)
    await expect(title).to_have_text("Sessions")
    await tab.page.get_by_role("button", name="ru", exact=True).click()
    await expect(title).to_have_text("Сессии")
    await tab.page.reload()
    await expect(title).to_have_text("Сессии")
    assert await tab.page.locator("html").get_attribute("lang") == "ru"


async def test_the_system_chooses_the_theme_and_the_switch_wins(
    open_page: OpenPage, offstage: str
) -> None:
    tab: NotesPage = await open_page(offstage, color_scheme="dark")
    switch = tab.page.get_by_role("button", name="Тема:")
    dark = await _paper(tab.page)
    await switch.click()
    await expect(switch).to_have_accessible_name("Тема: светлая. Нажмите, чтобы сменить")
    light = await _paper(tab.page)
    assert light != dark
    await tab.page.reload()
    await expect(switch).to_have_accessible_name("Тема: светлая. Нажмите, чтобы сменить")
    assert await _paper(tab.page) == light


async def test_the_overlay_takes_and_gives_back_the_focus(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await notes_open(open_page, offstage)
    assert await tab.page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    await tab.page.keyboard.press("Escape")
    await expect(tab.button("Открыть конспект")).to_be_focused()
    await tab.page.keyboard.press("Enter")
    await expect(tab.overlay).to_be_visible()


async def test_an_unknown_session_is_told_as_such(open_page: OpenPage, offstage: str) -> None:
    tab: NotesPage = await open_page(f"{offstage}/s/no-such-session")
    await expect(tab.page.get_by_text("Такой сессии нет")).to_be_visible()
    await assert_nothing_in_the_way(tab.page)
    await tab.page.get_by_role("link", name="Все сессии").click()
    await expect(tab.page.get_by_role("heading", name="Сессии", exact=True)).to_be_visible()


async def _paper(page: Page) -> str:
    color: str = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return color
