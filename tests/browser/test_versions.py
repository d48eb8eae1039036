"""Versions on the page: compared, saved as files, offered when nothing has changed."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.access import violations
from tests.browser.made import notes_open
from tests.browser.notes_page import NotesPage, OpenPage

_EDIT = """async id => {
    const address = `/sessions/${id}/synopsis`;
    const answer = await fetch(address);
    const { title, items } = await answer.json();
    items.push({ type: "note", text: "Моё слово." });
    const saved = await fetch(address, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": answer.headers.get("ETag") },
        body: JSON.stringify({ title: title + " снова", items }),
    });
    return saved.status;
}"""


async def _edited(open_page: OpenPage, offstage: str, **visitor: object) -> NotesPage:
    """Notes with a second version, by a person."""
    tab = await notes_open(open_page, offstage, **visitor)
    assert await tab.page.evaluate(_EDIT, tab.session_id) == 200
    await tab.page.reload()
    await expect(tab.page.get_by_label("Версия")).to_have_value("2")
    return tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_versions_are_compared_word_by_word(
    open_page: OpenPage, offstage: str, scheme: str
) -> None:
    narrow = {"width": 360, "height": 800}
    visitor = {"color_scheme": scheme, "viewport": narrow, "reduced_motion": "reduce"}
    tab = await _edited(open_page, offstage, **visitor)
    await tab.button("Сравнить версии").click()

    added = tab.overlay.locator("[data-change=added]")
    await expect(added).to_have_text(re.compile("добавлено: Моё слово"))
    await expect(tab.overlay.get_by_text("Добавлено: 1, убрано: 0, изменено: 0")).to_be_visible()
    await expect(tab.overlay.locator("h2 ins")).to_have_text(re.compile("снова"))
    assert await violations(tab.page) == []
    assert await tab.page.evaluate("document.documentElement.scrollWidth") <= 360
    await tab.button("Сравнить версии").click()
    await expect(tab.items.last).to_contain_text("Моё слово.")


async def test_a_version_is_saved_as_a_file(open_page: OpenPage, offstage: str) -> None:
    tab = await notes_open(open_page, offstage)
    for label, start in (("PDF", b"%PDF"), ("Markdown", b"# "), ("HTML", b"<!doctype")):
        await tab.button("Сохранить файлом").click()
        async with tab.page.expect_download() as download:
            await tab.page.get_by_role("menuitem", name=label).click()
        file = await download.value
        path = await file.path()
        assert path.read_bytes().startswith(start)
        assert file.suggested_filename.startswith("Очереди задач.")


async def test_what_has_not_changed_is_offered_and_can_be_run_all_the_same(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await notes_open(open_page, offstage)
    await tab.page.keyboard.press("Escape")
    await tab.button("Сделать заново").click()
    await expect(tab.page.get_by_text("С версии 1 ничего не изменилось")).to_be_visible()
    assert await tab.count_jobs() == 1
    await tab.button("Всё равно сделать").click()
    await expect(tab.page.get_by_text(re.compile("^Версия 2,"))).to_be_visible()


async def test_the_notes_tell_how_they_were_made_and_what_they_lost(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await notes_open(open_page, offstage)
    await expect(
        tab.overlay.get_by_text(re.compile(r"Найдено в материале: (\d+) из \1$"))
    ).to_be_visible()
    await tab.overlay.get_by_text("Как это сделано").click()
    for told in ("synopsis_manager@v1", "offline:extractive", "бесплатно"):
        await expect(tab.overlay.get_by_role("definition").filter(has_text=told)).to_be_visible()

    await tab.page.evaluate(
        """async id => {
            const { items } = await (await fetch(`/sessions/${id}/materials`)).json();
            await fetch(`/sessions/${id}/materials/${items[0].id}`, { method: "DELETE" });
        }""",
        tab.session_id,
    )
    await tab.page.reload()
    await expect(tab.overlay.get_by_text(re.compile("удалённый материал"))).to_be_visible()
