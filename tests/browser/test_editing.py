"""A person changes a plan and notes on the page; mistakes and versions that come meanwhile."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Dialog, Locator, expect

from tests.browser.access import assert_nothing_in_the_way, each_visitor, violations
from tests.browser.made import edit, made, notes_open, save_elsewhere, session_open
from tests.browser.notes_page import NotesPage, OpenPage


async def test_a_plan_is_changed_by_keyboard_and_saved_as_a_version(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await session_open(open_page, offstage)
    overlay = await made(tab, "План обучения")
    titles = await overlay.locator("[data-module] h3").all_inner_texts()
    form = await edit(overlay)
    await expect(form.get_by_label("Название плана")).to_be_focused()
    await expect(form.get_by_role("button", name="Сохранить")).to_be_disabled()

    first = form.get_by_role("group", name=re.compile("^Модуль 1[.]"))
    await first.get_by_label("Название").fill("Моё начало")
    await first.get_by_label("Минут").fill("45")
    await first.get_by_label("Цели, по одной в строке").fill("Понять главное\nПроверить себя")
    await form.get_by_role("button", name="Добавить после: Модуль 1. Моё начало").press("Enter")
    added = form.get_by_role("group", name=re.compile("^Модуль 2[.]"))
    await expect(added.get_by_label("Название")).to_be_focused()
    await tab.page.keyboard.type("Мой модуль")
    await added.get_by_role("checkbox", name="1. Моё начало").press("Space")
    await form.get_by_role("button", name="Выше: Модуль 2. Мой модуль").press("Enter")

    # It builds on what now comes after it: said at the field, and nothing is sent.
    await form.get_by_role("button", name="Сохранить").press("Enter")
    await expect(form.get_by_text("Исправьте 1 поле")).to_be_visible()
    mine = form.get_by_role("group", name="Модуль 1. Мой модуль")
    wrong = mine.get_by_role("checkbox", name="2. Моё начало")
    await expect(wrong).to_be_focused()
    await form.get_by_role("button", name="Ниже: Модуль 1. Мой модуль").press("Enter")
    await expect(form.get_by_text("Исправьте 1 поле")).to_be_hidden()
    await form.get_by_role("button", name="Убрать: Модуль 2. Мой модуль").press("Enter")
    await form.get_by_role("button", name="Сохранить").press("Enter")

    await expect(overlay.get_by_role("heading", name="1. Моё начало")).to_be_visible()
    await expect(overlay.get_by_text("45 мин · изменено вами")).to_be_visible()
    await expect(overlay.get_by_text("Понять главное")).to_be_visible()
    await expect(overlay.locator("[data-module]")).to_have_count(len(titles))
    await expect(tab.page.get_by_text("Сохранено, версия 2")).to_be_visible()
    await expect(tab.page.get_by_label("Версия", exact=True)).to_have_value("2")


async def test_every_field_at_fault_says_what_is_wrong(open_page: OpenPage, offstage: str) -> None:
    tab = await session_open(open_page, offstage)
    form = await edit(await made(tab, "План обучения"))
    first = form.get_by_role("group", name=re.compile("^Модуль 1[.]"))
    await form.get_by_label("Название плана").fill(" ")
    await first.get_by_label("Минут").fill("полчаса")
    await first.get_by_label("Ответ на него").fill("")
    await first.get_by_label("Вопрос для проверки").fill("Что такое аренда?")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Исправьте 3 поля")).to_be_visible()
    for label in ("Минут", "Ответ на него"):
        field = first.get_by_label(label)
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(field).to_have_accessible_description(re.compile("."))
    await expect(form.get_by_label("Название плана")).to_be_focused()
    assert (
        await tab.page.evaluate(
            "id => fetch(`/sessions/${id}/plan`).then(a => a.json()).then(p => p.version)",
            tab.session_id,
        )
        == 1
    )


def _with_another_note(notes: dict[str, Any]) -> dict[str, Any]:
    note = {"type": "note", "text": "Пришло тем временем."}
    return {"title": notes["title"], "items": [*notes["items"], note]}


async def _changed_notes(tab: NotesPage) -> Locator:
    """The notes' form with a changed title."""
    form = await edit(tab.overlay)
    await form.get_by_label("Название конспекта").fill("Мой конспект")
    await expect(form.get_by_text("Пока не сохранено")).to_be_visible()
    return form


async def test_a_version_that_came_meanwhile_is_shown_and_the_persons_wins(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await notes_open(open_page, offstage)
    form = await _changed_notes(tab)
    await save_elsewhere(tab, "synopsis", _with_another_note)
    await form.get_by_role("button", name="Сохранить").click()

    conflict = form.get_by_role("region", name="Тем временем появилась версия 2")
    await expect(conflict).to_be_visible()
    await conflict.get_by_text("Что изменила версия 2").click()
    await expect(conflict.locator("[data-change=added]")).to_contain_text("Пришло тем временем.")
    assert await violations(tab.page) == []
    await conflict.get_by_role("button", name="Сохранить моё").click()

    await expect(tab.overlay.get_by_role("heading", name="Мой конспект")).to_be_visible()
    versions = tab.page.get_by_label("Версия", exact=True)
    await expect(versions).to_have_value("3")
    await expect(versions.locator("option")).to_have_count(3)
    await versions.select_option("2")
    await expect(tab.items.last).to_contain_text("Пришло тем временем.")


async def test_the_other_version_can_be_taken_instead(open_page: OpenPage, offstage: str) -> None:
    tab = await notes_open(open_page, offstage)
    form = await _changed_notes(tab)
    await save_elsewhere(tab, "synopsis", _with_another_note)
    await form.get_by_role("button", name="Сохранить").click()
    await form.get_by_role("button", name="Отбросить моё, взять версию 2").click()
    await expect(tab.items.last).to_contain_text("Пришло тем временем.")
    await expect(tab.overlay.get_by_role("heading", name="Мой конспект")).to_be_hidden()


async def test_unsaved_changes_are_not_lost_by_accident(open_page: OpenPage, offstage: str) -> None:
    tab = await notes_open(open_page, offstage)
    form = await _changed_notes(tab)
    await tab.page.keyboard.press("Escape")
    question = tab.page.get_by_role("alertdialog", name="Изменения не сохранены")
    await question.get_by_role("button", name="Продолжить правку").click()
    title = form.get_by_label("Название конспекта")
    await expect(title).to_have_value("Мой конспект")

    # The way back of the browser asks nobody, so the draft waits for the person to return.
    await tab.page.go_back()
    await expect(tab.overlay).to_be_hidden()
    await tab.button("Открыть конспект").click()
    await expect(title).to_have_value("Мой конспект")

    await tab.page.keyboard.press("Escape")
    await question.get_by_role("button", name="Отбросить изменения").click()
    await expect(tab.overlay).to_be_hidden()
    await tab.open_notes()
    await expect(tab.overlay.get_by_role("heading", name="Мой конспект")).to_be_hidden()


async def test_the_browser_asks_before_it_leaves_unsaved_changes(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await notes_open(open_page, offstage)
    await _changed_notes(tab)
    asked: list[str] = []

    async def refuse(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    tab.page.on("dialog", refuse)
    await tab.page.close(run_before_unload=True)
    await expect(tab.overlay.get_by_label("Название конспекта")).to_have_value("Мой конспект")
    assert asked == ["beforeunload"]


async def test_an_item_of_the_notes_is_changed_and_marked(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await notes_open(open_page, offstage)
    before = await tab.items.count()
    form = await edit(tab.overlay)
    await form.get_by_role("button", name="Добавить пункт").click()
    added = form.get_by_role("group").last
    await added.get_by_label("Вид пункта").select_option("Список")
    await added.get_by_label("Пункты списка, по одному в строке").fill("раз\nдва\n")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(tab.items).to_have_count(before + 1)
    await expect(tab.items.last.get_by_role("listitem")).to_have_text(["раз", "два"])
    edited = await tab.page.evaluate(
        "id => fetch(`/sessions/${id}/synopsis`).then(a => a.json()).then(n => n.items)",
        tab.session_id,
    )
    assert [item["edited"] for item in edited] == [False] * before + [True]


@each_visitor
@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("План обучения", "Название плана"),
        ("Аналитика", "Название отчёта"),
        ("Источники", "Название списка"),
    ],
)
async def test_nothing_stands_in_an_editors_way(
    open_page: OpenPage, offstage: str, visitor: dict[str, Any], kind: str, title: str
) -> None:
    tab = await session_open(open_page, offstage, **visitor)
    form = await edit(await made(tab, kind))
    await form.get_by_label(title).fill("")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Исправьте 1 поле")).to_be_visible()
    await assert_nothing_in_the_way(tab.page, form)
