"""Runs under way, stopped, failed and tried again; the server away. The provider is a stand-in."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import answer_notes
from tests.browser.notes_page import NotesPage, OpenPage
from tests.fixtures.aimock import AiMock

A_WHILE_MS = 2_500
FOR_EVER_MS = 20_000


async def _started(open_page: OpenPage, address: str) -> NotesPage:
    tab: NotesPage = await open_page(address)
    await tab.create_session("Очереди")
    await tab.add_lecture()
    await tab.button("Сформировать конспект").click()
    return tab


async def test_progress_shows_in_every_tab_and_outlives_a_reload(
    open_page: OpenPage, with_provider: str, aimock: AiMock
) -> None:
    aimock.disturb(latencyMs=A_WHILE_MS)
    tab = await _started(open_page, with_provider)
    await tab.button("Посмотреть").click()
    await expect(tab.overlay.get_by_role("heading", name="Формируется…")).to_be_visible()
    await expect(tab.overlay.get_by_text("читаем материал")).to_be_visible()

    await tab.page.reload()
    await expect(tab.overlay.get_by_role("progressbar")).to_be_visible()
    other = await tab.second_tab()
    await expect(other.overlay.get_by_role("progressbar")).to_be_visible()

    for each in (tab, other):
        await expect(each.overlay.get_by_role("term")).to_have_text("Воркер")
    assert await tab.count_jobs() == 1


async def test_pressing_again_joins_the_run_under_way(
    open_page: OpenPage, with_provider: str, aimock: AiMock
) -> None:
    aimock.disturb(latencyMs=FOR_EVER_MS)
    tab = await _started(open_page, with_provider)
    await tab.button("Сформировать конспект").click()
    await expect(tab.page.get_by_text("Конспект уже формируется")).to_be_visible()
    await expect(tab.jobs).to_have_count(1)
    await tab.button("Отменить").click()
    await expect(tab.jobs.get_by_text("Отменено")).to_be_visible()
    receipt = re.compile(r"Остановлено через [\d,]+ с; токенов с этого момента: \d+")
    await expect(tab.jobs.get_by_text(receipt)).to_be_visible()
    assert await tab.count_jobs() == 1


async def test_a_failure_is_explained_and_can_be_tried_again(
    open_page: OpenPage, with_provider: str, aimock: AiMock
) -> None:
    aimock.reset()
    aimock.refuse(401, "Incorrect API key provided")
    tab = await _started(open_page, with_provider)
    await expect(tab.jobs).to_contain_text("Поставщик языковой модели отклонил запрос.")
    await expect(tab.jobs).to_contain_text("Не удалось")
    # What to do stands there in the page's language, the server's own words behind a fold.
    await expect(tab.jobs).to_contain_text("стоит проверить ключ")
    details = tab.jobs.get_by_text("provider_error: The provider refused the key (401)")
    await expect(details).to_be_hidden()
    await tab.jobs.get_by_text("Подробности для того, кто будет исправлять").click()
    await expect(details).to_be_visible()
    await expect(tab.jobs.get_by_role("button", name="Скопировать подробности")).to_be_visible()

    aimock.reset()
    answer_notes(aimock)
    await tab.button("Повторить").click()
    await tab.open_notes()
    await expect(tab.overlay.get_by_role("term")).to_have_text("Воркер")


async def test_a_retry_that_waits_says_when_it_comes_and_why(
    open_page: OpenPage, with_provider: str, aimock: AiMock
) -> None:
    aimock.reset()
    aimock.refuse(429, "Rate limit reached", retry_after_s=600)
    tab = await _started(open_page, with_provider)
    await expect(tab.jobs).to_contain_text("Ждёт новой попытки")
    await expect(tab.jobs).to_contain_text("Попытка 2 из 4")
    await expect(tab.jobs).to_contain_text(re.compile(r"Следующая попытка в \d\d:\d\d"))
    await expect(tab.jobs).to_contain_text("Поставщик языковой модели перегружен или недоступен.")
    await tab.button("Отменить").click()
    await expect(tab.jobs.get_by_text("Отменено")).to_be_visible()


async def test_the_page_waits_for_a_server_that_is_away(
    open_page: OpenPage, with_provider: str, aimock: AiMock
) -> None:
    aimock.disturb(latencyMs=A_WHILE_MS)
    tab = await _started(open_page, with_provider)
    await expect(tab.jobs).to_have_count(1)

    await _cut_off(tab.page)
    await expect(tab.page.get_by_text("Связь потеряна, пробуем снова…")).to_be_visible()
    await expect(tab.material("Лекция")).to_be_visible()

    await tab.page.unroute_all()
    await expect(tab.page.get_by_text("Связь потеряна, пробуем снова…")).to_be_hidden()
    await tab.open_notes()


async def _cut_off(page: Page) -> None:
    await page.route("**/jobs/**", lambda route: route.abort("connectionrefused"))
