"""HTML and SVG in whatever people and models write stay text: no node, no request, no script."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Request, expect

from tests.browser.notes_page import LECTURE, NotesPage, OpenPage

HOSTILE = (
    '<img src="http://evil.example/x.png" onerror="window.hacked=1">'
    '<svg onload="window.hacked=1"><script>window.hacked=1</script></svg>'
    '<iframe srcdoc="x"></iframe><a href="javascript:window.hacked=1">сюда</a>'
    '<style>body{background:url("http://evil.example/y.png")}</style>'
    "![x](http://evil.example/z.png)"
)
ITEMS: list[dict[str, Any]] = [
    {"type": "heading", "level": 2, "text": f"Заголовок {HOSTILE}"},
    {"type": "text", "text": HOSTILE},
    {"type": "definition", "term": HOSTILE, "text": HOSTILE},
    {"type": "list", "ordered": False, "items": [HOSTILE, HOSTILE]},
    {"type": "code", "language": HOSTILE[:30], "text": HOSTILE},
    {"type": "note", "text": HOSTILE},
]
SEND = """async ([method, path, body, headers]) => {
    const answer = await fetch(path, {
        method, headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(body),
    });
    return [answer.status, await answer.text()];
}"""
READ = "path => fetch(path).then(answer => answer.text())"
ACTIVE = """() => [...document.querySelectorAll("*")].filter((node) =>
    node.matches(
        "img, iframe, object, embed, script:not([src]), [onload], [onerror], [srcdoc], " +
        "[href^=javascript], [href*='evil.example'], [src*='evil.example']"
    ) || (node.matches("style") && node.textContent.includes("evil.example"))
).map((node) => node.outerHTML)"""


async def _send(tab: NotesPage, method: str, path: str, body: Any, **headers: str) -> None:
    status, text = await tab.page.evaluate(SEND, [method, path, body, headers])
    assert status < 300, text


async def test_markup_in_titles_and_notes_does_nothing(open_page: OpenPage, offstage: str) -> None:
    tab: NotesPage = await open_page(offstage, viewport={"width": 360, "height": 800})
    went: list[str] = []

    def note(request: Request) -> None:
        went.append(urlsplit(request.url).netloc)

    tab.page.context.on("request", note)
    await tab.page.get_by_label("Название").fill(HOSTILE[:200])
    await tab.button("Создать").click()
    await expect(tab.page.get_by_role("heading", level=1)).to_contain_text("<img src=")
    session = f"/sessions/{tab.session_id}"
    await _send(tab, "PATCH", session, {"title": HOSTILE[:300], "goal": HOSTILE})
    material = {"title": HOSTILE[:300], "text": f"{HOSTILE}\n\n{LECTURE}"}
    await _send(tab, "POST", f"{session}/materials", material)
    await tab.page.reload()
    await tab.button("Сформировать конспект").click()
    await tab.open_notes()
    edit = {"title": HOSTILE, "items": ITEMS}
    await _send(tab, "PUT", f"{session}/synopsis", edit, **{"If-Match": '"1"'})
    await tab.page.reload()
    await expect(tab.items).to_have_count(len(ITEMS))
    await expect(tab.items.first).to_contain_text("<svg onload=")
    assert await tab.page.evaluate(ACTIVE) == []

    await tab.button("Сравнить версии").click()
    await expect(tab.overlay.locator("[data-change=added]").first).to_contain_text("<iframe")
    assert await tab.page.evaluate(ACTIVE) == []
    await tab.button("Сравнить версии").click()

    await tab.page.keyboard.press("Escape")
    await tab.material("<img src=").click()
    await expect(tab.page.get_by_role("dialog")).to_contain_text("Воркер забирает задачи")
    assert await tab.page.evaluate(ACTIVE) == []
    await tab.page.goto(offstage)
    await expect(tab.page.get_by_text("window.hacked").first).to_be_visible()
    assert await tab.page.evaluate(ACTIVE) == []
    assert await tab.page.evaluate("document.documentElement.scrollWidth") <= 360

    # The file does nothing either, where no policy of ours watches over it.
    file = await tab.page.evaluate(READ, f"{session}/synopsis/export?format=html")
    alone = await tab.page.context.new_page()
    await alone.set_content(file)
    await expect(alone.get_by_role("heading", level=1)).to_contain_text("<img src=")
    assert await alone.evaluate(ACTIVE) == []
    assert await alone.evaluate("window.hacked") is None

    assert await tab.page.evaluate("window.hacked") is None
    assert set(went) == {urlsplit(offstage).netloc}
