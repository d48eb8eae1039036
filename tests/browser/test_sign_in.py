"""A person signs in with a token, works, is shown nothing of others', and signs out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from backend.db.engine import create_engine
from backend.db.users import IssuedToken
from backend.settings import Settings
from tests.browser.access import violations
from tests.browser.conftest import running_offstage
from tests.browser.notes_page import NotesPage, OpenPage
from tests.fixtures.users import new_user, revoke

# A token that counted is trusted for some seconds.
UNTIL_SIGNED_OUT = """async () => {
    const who = async () => (await fetch("/whoami")).json();
    while ((await who()).userId !== null) await new Promise((wake) => setTimeout(wake, 100));
}"""


@pytest.fixture
def settings() -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="offstage-") as folder:
        yield Settings(_env_file=None, auth_mode="token", offstage_data_dir=Path(folder))


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with running_offstage(settings) as url:
        yield url


async def _user(settings: Settings, name: str) -> IssuedToken:
    engine = create_engine(settings)
    try:
        return await new_user(engine, name)
    finally:
        await engine.dispose()


async def _sign_in(tab: NotesPage, token: str) -> None:
    await tab.page.get_by_label("Токен").fill(token)
    await tab.button("Войти").click()


async def _change_language_and_theme(tab: NotesPage) -> None:
    """Before anybody is signed in, and back again."""
    await tab.page.get_by_role("button", name="en", exact=True).click()
    await expect(tab.page.get_by_label("Token")).to_be_visible()
    await tab.page.get_by_role("button", name="Theme: as the system").click()
    await expect(tab.page.locator("html")).to_have_attribute("data-theme", "light")
    assert await violations(tab.page) == []
    await tab.page.get_by_role("button", name="ru", exact=True).click()


async def test_a_person_signs_in_works_and_signs_out(
    open_page: OpenPage, address: str, settings: Settings
) -> None:
    anna, boris = await _user(settings, "anna"), await _user(settings, "boris")
    tab: NotesPage = await open_page(address)
    await _change_language_and_theme(tab)
    await _sign_in(tab, "offstage_wrong")
    await expect(tab.page.get_by_role("alert")).to_contain_text("Этот токен не подходит")
    await _sign_in(tab, anna.secret)
    await tab.create_session("Очереди Анны")
    await tab.add_lecture()
    await tab.button("Сформировать конспект").click()
    await tab.open_notes()

    # The page's scripts don't get at the token; a reload and a second tab are signed in.
    kept = await tab.page.evaluate(
        "document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })"
    )
    assert anna.secret not in kept
    await tab.page.reload()
    await expect(tab.items.first).to_be_visible()
    other = await tab.second_tab()
    await expect(other.items.first).to_be_visible()
    await tab.page.keyboard.press("Escape")

    await tab.button("Выйти (anna)").click()
    for each in (tab, other):
        await expect(each.page.get_by_label("Токен")).to_be_visible()
        await expect(each.page.get_by_text("Очереди Анны")).to_have_count(0)

    # Somebody else at the same browser, at the address of Anna's session.
    await _sign_in(other, boris.secret)
    await expect(other.page.get_by_text("Такой сессии нет")).to_be_visible()
    await tab.page.goto(address)
    await expect(tab.page.get_by_text("Сессий пока нет")).to_be_visible()

    engine = create_engine(settings)
    await revoke(engine, boris)
    await engine.dispose()
    await tab.page.evaluate(UNTIL_SIGNED_OUT)
    await tab.page.reload()
    await expect(tab.page.get_by_label("Токен")).to_be_visible()
