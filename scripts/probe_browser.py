"""Exits with 0 if the browser recorded in the file given starts and draws Cyrillic letters.

Runs in the virtual environment, the way the tests drive the browser.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# A letter drawn like a code point that no font has is drawn as a box.
_DRAWS_CYRILLIC = """() => {
  const draw = (text) => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.font = "40px sans-serif";
    pen.fillText(text, 10, 60);
    return canvas.toDataURL();
  };
  return draw("\\u0416") !== draw("\\uffff");
}"""


def main() -> None:
    record = json.loads(Path(sys.argv[1]).read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=record["executable"], env={**os.environ, **record["env"]}
        )
        drawn = browser.new_page().evaluate(_DRAWS_CYRILLIC)
        browser.close()
    sys.exit(0 if drawn else "it draws no Cyrillic letters")


if __name__ == "__main__":
    main()
