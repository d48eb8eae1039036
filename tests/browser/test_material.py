"""Material: what is taken, what is refused and in which words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.notes_page import LECTURE, NotesPage, OpenPage

AWKWARD = {
    "scanned_ru_no_text_layer.pdf": "Это скан: картинки без текста",
    "encrypted_password_test.pdf": "Файл закрыт паролем",
    "corrupt_truncated.pdf": "Файл повреждён",
    "not_really_a.docx": "Это не тот вид файла, что в названии",
    "empty.txt": "В нём нет текста",
}


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


async def test_several_files_at_once_each_get_their_own_answer(
    open_page: OpenPage, offstage: str
) -> None:
    tab: NotesPage = await open_page(offstage)
    await tab.create_session("Разное")
    await tab.choose(
        _file("Лекция.txt", LECTURE.encode()),
        _file("Пустой.txt", b"  \n"),
        _file("Кино.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(64)),
    )
    await expect(tab.material("Лекция")).to_be_visible()
    refusals = tab.page.get_by_role("alert")
    await expect(refusals).to_have_count(2)
    await expect(refusals.filter(has_text="Пустой.txt")).to_contain_text("В нём нет текста")
    await expect(refusals.filter(has_text="Кино.mp4")).to_contain_text("прочитать нельзя")

    await tab.button("Убрать").first.click()
    await expect(refusals).to_have_count(1)


@pytest.mark.parametrize("name", AWKWARD)
async def test_a_real_awkward_file_is_refused_in_plain_words(
    open_page: OpenPage, offstage: str, shared_data: Path, name: str
) -> None:
    tab: NotesPage = await open_page(offstage)
    await tab.create_session("Трудные файлы")
    await tab.choose(shared_data / "awkward" / name)
    await expect(tab.page.get_by_role("alert")).to_contain_text(AWKWARD[name])


async def test_a_text_can_be_pasted_read_and_deleted(open_page: OpenPage, offstage: str) -> None:
    tab: NotesPage = await open_page(offstage)
    await tab.create_session("Вставленное")
    await tab.button("Вставить текст").click()
    await tab.page.get_by_role("textbox", name="Текст").fill(LECTURE)
    await tab.button("Добавить").click()

    material = tab.material("Очередь задач")
    await material.click()
    await expect(tab.page.get_by_role("dialog")).to_contain_text("Воркер забирает задачи")
    await tab.page.keyboard.press("Escape")

    await tab.page.get_by_role("button", name="Удалить «Очередь задач").click()
    await tab.page.get_by_role("alertdialog").get_by_role("button", name="Удалить").click()
    await expect(material).to_have_count(0)


async def test_without_material_the_button_says_what_is_missing(
    open_page: OpenPage, offstage: str
) -> None:
    tab: NotesPage = await open_page(offstage)
    await tab.create_session("Пустая")
    await expect(tab.page.get_by_text("Здесь появится всё, что вы запустите.")).to_be_visible()
    await tab.button("Сформировать конспект").click()
    await expect(tab.page.get_by_role("alert")).to_contain_text("Сначала добавьте материал")
    assert await tab.count_jobs() == 0
