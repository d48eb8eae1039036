"""All that the agents can make with one press: what waits for what, what a failure holds back."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.notes_page import OpenPage
from tests.fixtures.aimock import AiMock


async def test_one_press_makes_all_one_after_another(open_page: OpenPage, offstage: str) -> None:
    tab = await open_page(offstage)
    await tab.create_session("Очереди")
    await expect(tab.button("Сделать всё")).to_have_count(0)
    await tab.add_lecture()
    await tab.button("Сделать всё").click()
    for name in ("План", "Конспект", "Аналитика", "Источники"):
        await expect(tab.jobs.filter(has_text=name).get_by_text("Готово")).to_be_visible()
    assert await tab.count_jobs() == 4


async def test_a_failed_link_says_what_it_holds_back_until_it_is_tried_again(
    open_page: OpenPage, with_provider: str, aimock: AiMock
) -> None:
    aimock.reset()
    aimock.refuse(401, "Incorrect API key provided")
    tab = await open_page(with_provider)
    await tab.create_session("Очереди")
    await tab.add_lecture()
    await tab.button("Сделать всё").click()
    plan = tab.jobs.filter(has_text="Не удалось")
    held = "Задержаны: Конспект, Аналитика, Источники. Продолжатся, когда вы это повторите."
    await expect(plan.get_by_text(held)).to_be_visible()
    await expect(tab.page.get_by_text("Ждёт: План")).to_be_visible()
    await expect(tab.page.get_by_text("Ждёт: Аналитика")).to_be_visible()
    report = tab.page.get_by_role("region", name="Аналитика")
    await expect(report.get_by_text("Ждёт того, что делается раньше")).to_be_visible()
    await plan.get_by_role("button", name="Повторить").click()
    # It fails once more, as a new job, and holds them back in turn.
    await expect(tab.jobs.filter(has_text="Не удалось")).to_have_count(2)
    await expect(tab.page.get_by_text(held)).to_have_count(1)
    assert await tab.count_jobs() == 5
