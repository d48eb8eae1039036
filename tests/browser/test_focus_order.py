"""The keyboard goes through a screen in the order in which the eye does."""

from __future__ import annotations

from typing import Any

from playwright.async_api import expect

from tests.browser.access import assert_focus_goes_down
from tests.browser.made import edit, made, notes_open, session_open
from tests.browser.notes_page import NotesPage, OpenPage

NARROW: dict[str, Any] = {
    "viewport": {"width": 390, "height": 800},
    "reduced_motion": "reduce",
}


async def test_a_narrow_list_of_sessions_has_its_form_first_for_the_keyboard_too(
    open_page: OpenPage, offstage: str
) -> None:
    tab: NotesPage = await open_page(offstage, **NARROW)
    await tab.create_session("Первая")
    await tab.page.get_by_role("link", name="Все сессии").click()
    session = tab.page.get_by_role("link", name="Первая").first
    await expect(session).to_be_visible()
    await assert_focus_goes_down(tab.page.locator("body"))

    title = tab.page.get_by_label("Название")
    await title.fill("Начатое")
    await expect(tab.page.locator("section:has(#new-session) + div > h1")).to_be_visible()
    # Turned over, the form stands beside the list, comes after it and keeps what was typed.
    await tab.page.set_viewport_size({"width": 1280, "height": 800})
    await expect(tab.page.locator("div:has(> h1) + section #new-session")).to_be_visible()
    await expect(title).to_have_value("Начатое")


async def test_a_narrow_session_and_all_that_opens_over_it(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await notes_open(open_page, offstage, **NARROW)
    await assert_focus_goes_down(tab.overlay)
    await assert_focus_goes_down(await edit(tab.overlay))
    await tab.page.keyboard.press("Escape")
    await expect(tab.overlay).to_be_hidden()
    await assert_focus_goes_down(tab.page.locator("body"))


async def test_a_narrow_report_and_its_form(open_page: OpenPage, offstage: str) -> None:
    tab = await session_open(open_page, offstage, **NARROW)
    report = await made(tab, "Аналитика")
    await assert_focus_goes_down(report)
    await assert_focus_goes_down(await edit(report))
