"""A tree of HTML elements as Markdown: headings, paragraphs, lists, tables, fenced code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from backend.documents.formats.extracted import NestedTooDeeply

_BLOCKS = re.compile(
    r"^(?:address|article|blockquote|body|caption|center|dd|details|div|dl|dt|fieldset|figcaption"
    r"|figure|h[1-6]|header|hgroup|hr|html|li|main|ol|p|pre|section|summary|table|tbody|td|tfoot"
    r"|th|thead|tr|ul)$"
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DEEPEST = 150


def render(root: Tag) -> str:
    """`root`'s content as Markdown, blocks apart by blank lines.

    Raises NestedTooDeeply past 150 levels, which no page that people read has.
    """
    return _Renderer(root).render(root)


class _Renderer:
    def __init__(self, root: Tag) -> None:
        self._containers = _containers(root)

    def render(self, root: Tag) -> str:
        return "\n\n".join(block for block in self._blocks(root) if block.strip())

    def _is_block(self, tag: Tag) -> bool:
        return id(tag) in self._containers or _BLOCKS.match(tag.name) is not None

    def _blocks(self, parent: Tag) -> Iterator[str]:
        """Blocks of text in order; loose inline content between blocks becomes a paragraph."""
        inline: list[PageElement] = []
        for child in parent.children:
            if isinstance(child, Tag) and self._is_block(child):
                yield _inline(inline)
                inline = []
                yield from self._block(child)
            else:
                inline.append(child)
        yield _inline(inline)

    def _block(self, tag: Tag) -> Iterator[str]:
        name = tag.name
        if re.fullmatch(r"h[1-6]", name):
            heading = _inline(tag.children).replace("\n", " ")
            yield "#" * int(name[1]) + " " + heading if heading else ""
        elif name == "pre":
            yield _fence(tag)
        elif name in ("ul", "ol"):
            yield "\n".join(self._items(tag))
        elif name == "table":
            yield from self._table(tag)
        elif name == "blockquote":
            yield "\n".join("> " + line for line in self.render(tag).split("\n"))
        else:
            yield from self._blocks(tag)

    def _items(self, tag: Tag) -> Iterator[str]:
        for number, item in enumerate(tag.find_all("li", recursive=False), start=1):
            mark = f"{number}. " if tag.name == "ol" else "- "
            blocks = [block for block in self._blocks(item) if block.strip()]
            lines = "\n".join(blocks).split("\n") if blocks else []
            if lines:
                yield "\n".join([mark + lines[0], *(" " * len(mark) + line for line in lines[1:])])

    def _table(self, tag: Tag) -> Iterator[str]:
        """A Markdown table; a table of one column, or one that holds tables, is only layout."""
        rows = [] if tag.find("table") else tag.find_all("tr")
        cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
        if max((len(row) for row in cells), default=0) <= 1:
            yield from self._blocks(tag)
            return
        texts = [
            [" ".join(self.render(cell).split()).replace("|", "\\|") for cell in row]
            for row in cells
        ]
        lines = ["| " + " | ".join(row) + " |" for row in texts if any(row)]
        if lines:
            lines.insert(1, "|" + " --- |" * max(len(row) for row in texts))
            yield "\n".join(lines)


def _containers(root: Tag) -> set[int]:
    """The ids of the elements that hold a block, in one pass over the tree."""
    depths = {id(root): 0}
    containers: set[int] = set()
    for tag in root.descendants:
        if not isinstance(tag, Tag) or tag.parent is None:
            continue
        depth = depths[id(tag)] = depths[id(tag.parent)] + 1
        if depth > _DEEPEST:
            raise NestedTooDeeply
        if _BLOCKS.match(tag.name):
            parent: Tag | None = tag.parent
            while parent is not None and parent is not root and id(parent) not in containers:
                containers.add(id(parent))
                parent = parent.parent
    return containers


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
