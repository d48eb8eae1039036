"""The main text of a web page as Markdown: without scripts, menus and footers."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from backend.documents.formats.extracted import Extracted
from backend.documents.formats.markup import render

_DROPPED = re.compile(
    r"^(?:script|style|noscript|template|head|nav|footer|aside|form|button|select|input|svg|canvas"
    r"|iframe|object|video|audio|map|dialog)$"
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MAIN_SHARE = 0.3


def read_html(text: str) -> Extracted:
    """The title and the main text of a page."""
    if "<" not in text:
        return Extracted(text)
    soup = BeautifulSoup(_XML_DECLARATION.sub("", text), "lxml")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    for header in soup.find_all("header"):
        if header.find(["h1", "h2"]) is None:
            header.decompose()
    return Extracted(render(_main(soup)), title or None)


def _main(soup: BeautifulSoup) -> Tag:
    body: Tag = soup.body or soup
    whole = len(body.get_text())
    for candidate in soup.find_all(["main", "article"]) + soup.find_all(role="main"):
        if len(candidate.get_text()) >= _MAIN_SHARE * whole:
            return candidate
    return body
