"""A person changes a report and a list of sources; a version that came meanwhile, the next run."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.access import violations
from tests.browser.made import edit, made, save_elsewhere, session_open
from tests.browser.notes_page import NotesPage, OpenPage


def _group(form: Locator, name: str) -> Locator:
    return form.get_by_role("group", name=re.compile(f"^{name}[.]"))


async def _stored(tab: NotesPage, kind: str) -> dict[str, Any]:
    stored: dict[str, Any] = await tab.page.evaluate(
        "([id, kind]) => fetch(`/sessions/${id}/${kind}`).then(answer => answer.json())",
        [tab.session_id, kind],
    )
    return stored


async def test_findings_of_a_report_are_changed_and_outlive_the_next_report(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await session_open(open_page, offstage)
    overlay = await made(tab, "Аналитика")
    before = await _stored(tab, "analytics")
    gone = before["questions"][1]["question"]
    form = await edit(overlay)
    await form.get_by_label("Название отчёта").fill("Мой отчёт")
    topic = before["topics"][0]["title"]
    await expect(form.get_by_label("Тема 1")).to_have_value(topic)
    await form.get_by_label("Тема 1").fill("Как я это зову")
    await _group(form, "Вопрос 1").get_by_label("Ответ").fill("Своими словами.")
    await form.get_by_role("button", name=f"Убрать: Вопрос 2. {gone}").press("Enter")
    await form.get_by_role("button", name="Добавить пробел").press("Enter")
    await expect(form.get_by_label("Чего не хватает").last).to_be_focused()

    # A gap that says nothing isn't sent.
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Исправьте 1 поле")).to_be_visible()
    await tab.page.keyboard.type("Нет примеров из практики.")
    await form.get_by_role("button", name="Сохранить").click()

    await expect(overlay.get_by_role("heading", name="Мой отчёт")).to_be_visible()
    await expect(tab.page.get_by_label("Версия", exact=True)).to_have_value("2")
    await expect(overlay.get_by_text("Нет примеров из практики. · изменено вами")).to_be_visible()
    await expect(overlay.get_by_text(gone, exact=True)).to_have_count(0)
    await expect(overlay.get_by_text("Как я это зову · изменено вами").first).to_be_visible()

    await tab.page.keyboard.press("Escape")
    await tab.page.reload()
    await tab.button("Пересчитать").click()
    toast = tab.page.get_by_text("С версии 1 ничего не изменилось")
    await expect(toast).to_be_visible()
    await tab.button("Всё равно сделать").click()
    await expect(tab.jobs.get_by_text("Готово")).to_have_count(2)
    after = await _stored(tab, "analytics")
    assert (after["version"], after["kind"], after["title"]) == (3, "agent", "Мой отчёт")
    assert after["questions"][0]["answer"] == "Своими словами."
    assert after["topics"][0]["title"] == "Как я это зову"
    assert after["topics"][0]["madeAs"] == topic
    assert gone not in [one["question"] for one in after["questions"]]
    assert after["gaps"][-1]["text"] == "Нет примеров из практики."


async def test_sources_are_put_in_order_added_and_held_against_another_version(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await session_open(open_page, offstage)
    overlay = await made(tab, "Источники")
    topic = (await _stored(tab, "sources"))["gaps"][0]["topic"]
    form = await edit(overlay)
    for title, address in (("Аренда в очередях", "10.1145/74851"), ("Моя книга", "не адрес")):
        await form.get_by_role("button", name="Добавить источник").click()
        await tab.page.keyboard.type(title)
        added = form.get_by_role("group", name=re.compile(f"{title}$"))
        await added.get_by_label("Адрес или DOI").fill(address)
        await added.get_by_label("Чем поможет").fill("Объясняет с самого начала.")
        await added.get_by_role("checkbox", name=topic).check()
    await form.get_by_role("button", name=re.compile("^Выше: .*Моя книга$")).press("Enter")
    await form.get_by_role("button", name="Сохранить").click()
    wrong = form.get_by_role("group", name=re.compile("Моя книга$")).get_by_label("Адрес или DOI")
    await expect(wrong).to_be_focused()
    await expect(wrong).to_have_accessible_description(re.compile("Нужен DOI"))
    await wrong.fill("example.org/book")

    def titled(found: dict[str, Any]) -> dict[str, Any]:
        return {"title": "Чужой список", "sources": found["sources"]}

    await save_elsewhere(tab, "sources", titled)
    await form.get_by_role("button", name="Сохранить").click()
    conflict = form.get_by_role("region", name="Тем временем появилась версия 2")
    await expect(conflict).to_be_visible()
    assert await violations(tab.page) == []
    await conflict.get_by_role("button", name="Сохранить моё").click()

    await expect(tab.page.get_by_label("Версия", exact=True)).to_have_value("3")
    own = overlay.locator("[data-source]").filter(has_text="изменено вами")
    await expect(own.get_by_role("link")).to_have_count(2)
    hrefs = [await link.get_attribute("href") for link in await own.get_by_role("link").all()]
    assert hrefs == ["https://example.org/book", "https://doi.org/10.1145/74851"]
    await expect(own.first.get_by_text(f"Закрывает: {topic}")).to_be_visible()
