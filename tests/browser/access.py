"""Whether a page can be used: in both themes, on a narrow and a wide screen, by assistive means."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page

from tests.paths import ROOT

_AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

each_visitor = pytest.mark.parametrize(
    "visitor",
    [
        pytest.param(
            {
                "color_scheme": scheme,
                "viewport": {"width": width, "height": 800},
                "reduced_motion": "reduce",
            },
            id=f"{scheme}-{width}",
        )
        for scheme in ("light", "dark")
        for width in (360, 1280)
    ],
)


async def violations(page: Page) -> list[str]:
    """What axe finds wrong."""
    # What is half transparent while it appears has no contrast yet.
    await page.evaluate("Promise.allSettled(document.getAnimations().map(a => a.finished))")
    await page.evaluate(_AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate("axe.run().then(result => result.violations)")
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


async def assert_nothing_in_the_way(page: Page, part: Locator | None = None) -> None:
    """axe finds nothing, and neither the page nor `part` of it is wider than its room."""
    assert await violations(page) == []
    for each in (page.locator("html"), *([part] if part is not None else [])):
        assert await each.evaluate("each => each.scrollWidth <= each.clientWidth + 1")


_OUT_OF_ORDER = """root => {
    const able = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    // What sticks to an edge of the screen has no place of its own.
    const sticks = one => one !== root
        && (getComputedStyle(one).position === "sticky" || sticks(one.parentElement));
    const seen = [...root.querySelectorAll(able)].filter(one =>
        one.checkVisibility() && !one.disabled && one.offsetWidth > 1 && !sticks(one));
    const place = one => {
        const { top, bottom } = one.getBoundingClientRect();
        let scrolled = 0;
        for (let at = one.parentElement; at; at = at.parentElement) scrolled += at.scrollTop;
        return { top: top + scrolled, bottom: bottom + scrolled };
    };
    const name = one => one.ariaLabel || one.name || one.textContent.trim();
    const wrong = [];
    for (const [index, one] of seen.entries()) {
        const before = seen[index - 1];
        if (before && place(one).bottom <= place(before).top) wrong.push([name(before), name(one)]);
    }
    return { count: seen.length, wrong };
}"""


async def assert_focus_goes_down(part: Locator) -> None:
    """On a screen of one column: the keyboard never leads back to what stands above."""
    found = await part.evaluate(_OUT_OF_ORDER)
    assert found["count"] > 0
    assert found["wrong"] == [], found["wrong"]
