"""The main job: a lecture dropped into a session becomes notes with sources."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.notes_page import NotesPage, OpenPage


async def _with_notes(open_page: OpenPage, offstage: str, samples: Path) -> NotesPage:
    tab: NotesPage = await open_page(offstage)
    await tab.create_session("Очереди задач")
    await tab.drop("Лекция 4.txt", (samples / "lecture_ru.txt").read_text())
    await expect(tab.page.get_by_text("TXT · RU")).to_be_visible()
    await tab.button("Сформировать конспект").click()
    return tab


async def test_a_dropped_lecture_becomes_notes(
    open_page: OpenPage, offstage: str, samples: Path
) -> None:
    tab = await _with_notes(open_page, offstage, samples)

    await expect(tab.page.get_by_text("Формируем конспект…")).to_be_visible()
    for still_usable in ("Выбрать файлы", "Вставить текст", "Настройки сессии"):
        await expect(tab.button(still_usable)).to_be_enabled()

    await tab.open_notes()
    assert await tab.items.count() >= 5
    kinds = await tab.items.evaluate_all("rows => rows.map(row => row.dataset.itemType)")
    assert {"heading", "definition"} <= set(kinds)


async def test_a_reload_and_a_second_tab_show_the_notes_and_start_nothing(
    open_page: OpenPage, offstage: str, samples: Path
) -> None:
    tab = await _with_notes(open_page, offstage, samples)
    await tab.open_notes()
    read = await tab.items.all_inner_texts()

    await tab.page.reload()
    await expect(tab.items).to_have_count(len(read))
    other = await tab.second_tab()
    await expect(other.items).to_have_count(len(read))

    await other.page.keyboard.press("Escape")
    await expect(other.overlay).to_be_hidden()
    await expect(other.jobs).to_have_count(1)
    assert await tab.count_jobs() == 1


async def test_an_item_leads_to_its_passage_in_the_material(
    open_page: OpenPage, offstage: str, samples: Path
) -> None:
    tab = await _with_notes(open_page, offstage, samples)
    await tab.open_notes()
    lecture = " ".join((samples / "lecture_ru.txt").read_text().split())

    await tab.items.get_by_role("button", name=re.compile("^Источник: ")).nth(1).focus()
    await tab.page.keyboard.press("Enter")
    source = tab.page.get_by_role("dialog", name="Источник")
    passage = " ".join((await source.locator("blockquote").first.inner_text()).split())
    assert passage
    assert passage.rstrip("…") in lecture

    await source.get_by_role("link", name="Открыть в материале").first.click()
    mark = tab.page.locator("mark").first
    await expect(mark).to_be_in_viewport()
    marked = " ".join(" ".join(await tab.page.locator("mark").all_inner_texts()).split())
    assert passage.rstrip("…") in marked

    await tab.page.keyboard.press("Escape")
    await expect(tab.page.locator("mark")).to_have_count(0)
    await expect(tab.overlay).to_be_visible()


async def test_every_version_stays_and_can_be_restored(
    open_page: OpenPage, offstage: str, samples: Path
) -> None:
    tab = await _with_notes(open_page, offstage, samples)
    await expect(tab.button("Открыть конспект")).to_be_visible()
    await tab.add_lecture()
    await tab.button("Сделать заново").click()
    await expect(tab.page.get_by_text(re.compile("^Версия 2,"))).to_be_visible()

    await tab.open_notes()
    await tab.page.get_by_label("Версия").select_option("1")
    await expect(tab.page.get_by_text("Сейчас действует другая версия.")).to_be_visible()
    await tab.button("Вернуть эту").click()
    await expect(tab.page.get_by_label("Версия")).to_have_value("3")


async def test_the_notes_can_be_taken_along_as_markdown(
    open_page: OpenPage, offstage: str, samples: Path
) -> None:
    tab = await _with_notes(open_page, offstage, samples)
    await tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await tab.open_notes()
    await tab.button("Скопировать как Markdown").click()
    await expect(tab.overlay.get_by_text("Скопировано", exact=True)).to_be_attached()
    copied = await tab.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("# ")
    assert "\n## " in copied
