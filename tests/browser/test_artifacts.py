"""Plan, report and sources on the page: made, read, compared, kept, in either theme and width."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.access import assert_nothing_in_the_way, each_visitor
from tests.browser.made import MADE, made, session_open
from tests.browser.notes_page import OpenPage


async def test_a_plan_with_its_time_its_sources_and_its_versions(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await session_open(open_page, offstage)
    card = tab.page.get_by_role("region", name="План обучения")
    await card.locator("summary").click()
    await tab.page.get_by_label("Сколько есть часов").fill("2")
    await tab.page.get_by_label("Уровень", exact=True).select_option("средний")
    overlay = await made(tab, "План обучения")
    await expect(overlay.get_by_text("Всего 2 ч, уровень: средний")).to_be_visible()
    module = overlay.locator("[data-module]").first
    await expect(module.get_by_role("heading")).to_contain_text("1.")
    check = module.locator("details")
    await check.locator("summary").click()
    await check.get_by_role("button", name=re.compile("^Источник: ")).click()
    passage = tab.page.get_by_role("dialog", name="Источник")
    await expect(passage.get_by_role("link", name="Открыть в материале")).to_be_visible()
    await tab.page.keyboard.press("Escape")

    export = await tab.page.request.get(
        f"{offstage}/sessions/{tab.session_id}/plan/export?format=md"
    )
    assert export.ok
    assert (await export.text()).startswith("# Очереди задач")
    await tab.page.evaluate(
        """async ([id]) => {
            const plan = await (await fetch(`/sessions/${id}/plan`)).json();
            const [first, ...others] = plan.modules;
            const modules = [{ ...first, title: "Моё название" }, ...others];
            await fetch(`/sessions/${id}/plan`, {
                method: "PUT",
                headers: { "Content-Type": "application/json", "If-Match": '"1"' },
                body: JSON.stringify({ title: plan.title, modules }),
            });
        }""",
        [tab.session_id],
    )
    await tab.page.reload()
    await expect(overlay.get_by_role("heading", name="1. Моё название")).to_be_visible()
    await expect(overlay.get_by_text("изменено вами")).to_be_visible()
    await overlay.get_by_role("button", name="Сравнить версии").click()
    await expect(overlay.locator("ins").filter(has_text="Моё")).to_be_visible()


async def test_a_report_with_its_chart_and_the_table_behind(
    open_page: OpenPage, offstage: str
) -> None:
    tab = await session_open(open_page, offstage)
    overlay = await made(tab, "Аналитика")
    await overlay.get_by_text("Таблицей").click()
    rows = overlay.get_by_role("table", name="О чём материал").get_by_role("row")
    bars = overlay.locator("svg[data-share]")
    assert await bars.count() == await rows.count() - 1 > 0
    shares = [float(str(await bar.get_attribute("data-share"))) for bar in await bars.all()]
    assert sum(shares) == pytest.approx(1, abs=0.01)
    questions = overlay.locator(
        "section", has=tab.page.get_by_role("heading", name="Проверьте себя")
    )
    await expect(questions.locator("details")).to_have_count(10)
    await questions.locator("summary").first.click()
    await expect(questions.locator("details[open]").get_by_role("button")).to_be_visible()


async def test_sources_lead_out_safely(open_page: OpenPage, offstage: str) -> None:
    tab = await session_open(open_page, offstage)

    async def answer(route: Any) -> None:
        found = {
            "title": "Источники",
            "language": "ru",
            "gaps": [
                {
                    "id": "g1",
                    "topic": "Аренда",
                    "why": "Сказано мало.",
                    "origin": "notes",
                    "queries": ["аренда"],
                    "sources": [],
                }
            ],
            "sources": [
                {
                    "kind": "article",
                    "title": title,
                    "providers": ["crossref"],
                    "closes": ["g1"],
                    "why": "Объясняет аренду.",
                    "excerpt": "<img src=x onerror=alert(1)>",
                    "grounded": True,
                    "score": 1,
                    "sessionId": None,
                    "sessionTitle": None,
                    "material": None,
                    "url": url,
                    "doi": None,
                    "authors": ["Ada Lovelace"],
                    "year": 1843,
                }
                for title, url in [
                    ("Хорошая", "https://example.org/lease"),
                    ("Плохая", "javascript:alert(1)"),
                ]
            ],
            "searched": [
                {
                    "provider": "crossref",
                    "status": "searched",
                    "queries": 1,
                    "found": 2,
                    "problem": None,
                }
            ],
            "version": 1,
            "kind": "agent",
            "updatedAt": "2026-11-23T00:00:00Z",
            "provenance": {},
            "grounding": {"items": 0, "grounded": 0, "repaired": 0, "ungrounded": 0, "own": 0},
            "generation": None,
        }
        await route.fulfill(json=found)

    await tab.page.route(re.compile(r"/sessions/[^/]+/sources$"), answer)
    await tab.page.reload()
    await tab.button("Открыть источники").click()
    overlay = tab.page.get_by_role("dialog", name="Источники")
    await expect(overlay.locator("[data-source]")).to_have_count(2)
    link = overlay.get_by_role("link")
    await expect(link).to_have_count(1)
    assert await link.get_attribute("href") == "https://example.org/lease"
    rel = str(await link.get_attribute("rel")).split()
    assert {"noopener", "noreferrer"} <= set(rel)
    await expect(overlay.get_by_text("Закрывает: Аренда").first).to_be_visible()
    await expect(overlay.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()


@each_visitor
async def test_nothing_stands_in_a_readers_way(
    open_page: OpenPage, offstage: str, visitor: dict[str, Any]
) -> None:
    tab = await session_open(open_page, offstage, **visitor)
    for title in MADE:
        overlay = await made(tab, title)
        for folded in await overlay.locator("summary").all():
            await folded.click()
        await assert_nothing_in_the_way(tab.page, overlay.get_by_role("article"))
        await tab.page.keyboard.press("Escape")
        await expect(overlay).to_be_hidden()
