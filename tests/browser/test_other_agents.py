"""An agent of docs/agents.md, brought in as a plug-in: the page has a form for it, unasked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import running_offstage
from tests.browser.notes_page import NotesPage, OpenPage
from tests.fixtures.plug_in import install_plug_in

AGENT = '''
from typing import Literal
from pydantic import BaseModel, Field, field_validator
from backend.agents.context import AgentContext
from backend.agents.registry import agent

class Query(BaseModel):
    word: str = Field(title="Слово", description="Что искать.", min_length=2)
    most: int = Field(3, title="Сколько", ge=1, le=9)
    style: Literal["brief", "full"] = Field("brief", title="Вид")
    loud: bool = Field(False, title="Громко")
    also: list[str] = Field([], title="Ещё слова")

    @field_validator("word")
    @classmethod
    def not_forbidden(cls, word: str) -> str:
        if word == "forbidden":
            raise ValueError("this word is forbidden")
        return word

class Result(BaseModel):
    text: str
    query: dict[str, object]

@agent("word_finder", "v1", needs_material=True)
async def word_finder(context: AgentContext, query: Query) -> Result:
    """Finds a word."""
    found = query.word in context.materials[0].text
    return Result(text=f"<b>{found}</b>", query=query.model_dump())
'''


@pytest.fixture(scope="module")
def with_plug_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = tmp_path_factory.mktemp("plug-in") / "site"
    path = install_plug_in(site, "word_finder", AGENT)
    with running_offstage(PYTHONPATH=path) as url:
        yield url


async def _form(tab: NotesPage) -> Locator:
    await tab.button("Запустить: word_finder").click()
    return tab.page.get_by_role("dialog", name="Запустить: word_finder")


async def test_an_agent_without_a_page_of_its_own_is_run_from_a_form(
    open_page: OpenPage, with_plug_in: str
) -> None:
    tab: NotesPage = await open_page(with_plug_in)
    await tab.create_session("Очереди")
    await tab.add_lecture()
    form = await _form(tab)
    await expect(form.get_by_text("Что искать.")).to_be_visible()
    await expect(form.get_by_label("Сколько")).to_have_value("3")

    await form.get_by_label("Сколько").fill("10")
    await form.get_by_role("button", name="Запустить").click()
    await expect(form.get_by_text("Заполните это поле.")).to_be_visible()
    await expect(form.get_by_text("Не больше 9.")).to_be_visible()

    await form.get_by_label("Слово", exact=True).fill("forbidden")
    await form.get_by_label("Сколько").fill("5")
    await form.get_by_role("button", name="Запустить").click()
    await expect(form.get_by_text("this word is forbidden")).to_be_visible()

    await form.get_by_label("Слово", exact=True).fill("Воркер")
    await form.get_by_label("Вид").select_option("full")
    await form.get_by_label("Громко").check()
    await form.get_by_label("Ещё слова").fill("раз\nдва")
    await form.get_by_role("button", name="Запустить").click()
    await expect(form).to_be_hidden()

    await expect(tab.jobs).to_contain_text("word_finder")
    await tab.jobs.get_by_role("button", name="Открыть").click()
    result = tab.page.get_by_role("dialog", name="Результат: word_finder")
    await expect(result.locator("[data-result=text] dd")).to_have_text("<b>True</b>")
    for told in ('"most": 5', '"style": "full"', '"loud": true', '"два"'):
        await expect(result.locator("[data-result=query] dd")).to_contain_text(told)
    await tab.page.reload()
    await expect(result.locator("[data-result=text] dd")).to_have_text("<b>True</b>")


async def test_the_form_fits_a_small_dark_screen_and_speaks_english(
    open_page: OpenPage, with_plug_in: str
) -> None:
    small = {"width": 360, "height": 640}
    tab: NotesPage = await open_page(
        with_plug_in, locale="en-GB", viewport=small, color_scheme="dark"
    )
    await tab.page.get_by_label("Title").fill("Queues")
    await tab.button("Create").click()
    await tab.button("Run word_finder").click()
    form = tab.page.get_by_role("dialog", name="Run word_finder")
    await form.get_by_label("Слово", exact=True).fill("queue")
    for widest in (tab.page.locator("html"), form):
        assert await widest.evaluate("e => e.scrollWidth <= e.clientWidth")
    await form.get_by_role("button", name="Run", exact=True).click()
    await expect(form.get_by_role("alert")).to_contain_text("Add material first.")
