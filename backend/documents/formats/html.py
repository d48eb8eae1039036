"""The main text of a web page as Markdown: without scripts, menus and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from backend.documents.formats.extracted import Extracted

_DROPPED = re.compile(
    r"^(?:script|style|noscript|template|head|nav|footer|aside|form|button|select|input|svg|canvas"
    r"|iframe|object|video|audio|map|dialog)$"
)
_BLOCKS = re.compile(
    r"^(?:address|article|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption"
    r"|figure|h[1-6]|header|hgroup|hr|html|li|main|ol|p|pre|section|summary|table|tbody|td|tfoot"
    r"|th|thead|tr|ul)$"
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
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


def render(root: Tag) -> str:
    """`root`'s content as Markdown."""
    return "\n\n".join(block for block in _blocks(root) if block.strip())


def _main(soup: BeautifulSoup) -> Tag:
    body: Tag = soup.body or soup
    whole = len(body.get_text())
    for candidate in soup.find_all(["main", "article"]) + soup.find_all(role="main"):
        if len(candidate.get_text()) >= _MAIN_SHARE * whole:
            return candidate
    return body


def _blocks(parent: Tag) -> Iterator[str]:
    """Blocks of text in order; loose inline content between blocks becomes a paragraph."""
    inline: list[PageElement] = []
    for child in parent.children:
        if isinstance(child, Tag) and (_BLOCKS.match(child.name) or child.find(_BLOCKS)):
            yield _inline(inline)
            inline = []
            yield from _block(child)
        else:
            inline.append(child)
    yield _inline(inline)


def _block(tag: Tag) -> Iterator[str]:
    name = tag.name
    if re.fullmatch(r"h[1-6]", name):
        heading = _inline(tag.children).replace("\n", " ")
        yield "#" * int(name[1]) + " " + heading if heading else ""
    elif name == "pre":
        yield _fence(tag)
    elif name in ("ul", "ol"):
        yield "\n".join(_items(tag))
    elif name == "table":
        yield from _table(tag)
    elif name == "blockquote":
        yield "\n".join("> " + line for line in render(tag).split("\n"))
    else:
        yield from _blocks(tag)


def _inline(elements: Iterator[PageElement] | list[PageElement]) -> str:
    text = "".join(_inline_part(element) for element in elements)
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\v"))
    return "\n".join(lines).strip()


def _inline_part(element: PageElement) -> str:
    """Line breaks are marked by a vertical tab until the white space is folded."""
    if isinstance(element, PreformattedString):
        return ""
    if isinstance(element, NavigableString):
        return str(element)
    if not isinstance(element, Tag):
        return ""
    if element.name == "br":
        return "\v"
    inner = "".join(_inline_part(child) for child in element.children)
    if element.name in ("code", "tt", "kbd", "samp") and inner.strip() and "`" not in inner:
        return f"`{inner.strip()}`"
    return inner


def _fence(tag: Tag) -> str:
    code = tag.get_text().strip("\n").rstrip()
    inner = tag.find("code")
    owners = [tag, inner] if inner else [tag]
    classes = " ".join(str(name) for owner in owners for name in owner.get_attribute_list("class"))
    language = re.search(r"(?:language|lang|highlight-source)-(\w+)", classes)
    mark = "````" if "```" in code else "```"
    return f"{mark}{language.group(1) if language else ''}\n{code}\n{mark}" if code else ""


def _items(tag: Tag) -> Iterator[str]:
    for number, item in enumerate(tag.find_all("li", recursive=False), start=1):
        mark = f"{number}. " if tag.name == "ol" else "- "
        blocks = [block for block in _blocks(item) if block.strip()]
        lines = "\n".join(blocks).split("\n") if blocks else []
        if lines:
            yield "\n".join([mark + lines[0], *(" " * len(mark) + line for line in lines[1:])])


def _table(tag: Tag) -> Iterator[str]:
    """A Markdown table; a table of one column, or one that holds tables, is only layout."""
    rows = [
        [cell for cell in row.find_all(["td", "th"], recursive=False)] for row in tag.find_all("tr")
    ]
    if tag.find("table") or max((len(row) for row in rows), default=0) < 2:
        for row in rows:
            for cell in row:
                if cell.find_parent("table") is tag:
                    yield from _blocks(cell)
        return
    texts = [[" ".join(render(cell).split()).replace("|", "\\|") for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in texts if any(row)]
    if lines:
        lines.insert(1, "|" + " --- |" * max(len(row) for row in texts))
        yield "\n".join(lines)
