"""XML to Markdown, DocBook above all: its elements are renamed to HTML's and rendered as such.

The document type declaration is cut off before parsing, so no entity is ever expanded by the
parser: neither bombs nor files of the machine can come in by one.
"""

from __future__ import annotations

import html
import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from backend.documents.formats.extracted import Extracted
from backend.documents.formats.markup import render

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>\s*")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[(?P<subset>.*?)\]\s*)?>", re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]+)\s+(?:\"([^\"&%<]{0,200})\"|'([^'&%<]{0,200})')\s*>")
_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]*);")
# An undefined entity's name on its way through the parser, between two marks nobody else uses.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_UNDEFINED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_ONLY_UNDEFINED = re.compile(f"(?:{_UNDEFINED.pattern}[\\s#>*.-]*)+")
# Of FreeBSD's entities those that can be told by their names.
_PROMPTS = {"prompt.root": "#", "prompt.user": "%"}
_MANUAL_PAGE = re.compile(r"man\.(.+)\.(\d\w*)$")
_BUILT_IN = frozenset({"amp", "lt", "gt", "quot", "apos"})

_SECTIONS = re.compile(r"(?:sect\d|section|chapter|part|preface|appendix|refsect\d)$")
_FRONT_MATTER = re.compile(
    r"^(?:author|authorgroup|copyright|legalnotice|pubdate|releaseinfo|revhistory|edition|date"
    r"|indexterm|remark|mediaobject)$"
)
_NO_SECTIONS = re.compile(r"^(?:step|listitem|note|warning|tip|example|figure|table)$")
_KEPT = re.compile(r"h\d$|table$|thead$|tbody$|tgroup$")
_CONTAINERS = re.compile(r"^(?:\[document\]|div|ul|ol|li|blockquote|td|table|tgroup|thead|tbody)$")
_SAME_AS = {
    "para": "p",
    "simpara": "p",
    "formalpara": "div",
    "abstract": "div",
    "itemizedlist": "ul",
    "simplelist": "ul",
    "orderedlist": "ol",
    "procedure": "ol",
    "listitem": "li",
    "member": "li",
    "step": "li",
    "variablelist": "div",
    "term": "p",
    "programlisting": "pre",
    "screen": "pre",
    "literallayout": "pre",
    "literal": "code",
    "filename": "code",
    "command": "code",
    "option": "code",
    "function": "code",
    "varname": "code",
    "row": "tr",
    "entry": "td",
    "informaltable": "table",
    "note": "blockquote",
    "warning": "blockquote",
    "tip": "blockquote",
}


def read_xml(text: str) -> Extracted:
    """The text of an XML document: titles as headings, paragraphs, lists, listings, tables.

    An entity that the document doesn't define is there by its name, as a word ("&os;" as "os"):
    what it stands for isn't known. One that is all there is of a paragraph includes a file: it
    goes. FreeBSD's "&man.ls.1;" is ls(1), and its prompts are their signs.
    """
    soup = BeautifulSoup(_without_entities(text), "lxml-xml")
    for tag in soup.find_all(_FRONT_MATTER):
        tag.decompose()
    title = soup.find("title")
    named = _with_names(title.get_text(" ", strip=True)) if title else None
    for tag in soup.find_all("title"):
        in_item = tag.find_parent(_NO_SECTIONS) is not None
        tag.name = "p" if in_item else f"h{min(_depth(tag), 6)}"
    for tag in soup.find_all(True):
        in_terms = tag.name == "listitem" and tag.parent and tag.parent.name == "varlistentry"
        tag.name = "div" if in_terms else _SAME_AS.get(tag.name, _generic(tag))
    blocks = render(soup).split("\n\n")
    text = "\n\n".join(b for b in blocks if not _ONLY_UNDEFINED.fullmatch(b.strip()))
    return Extracted(_with_names(text), named or None)


def _with_names(text: str) -> str:
    return _UNDEFINED.sub(lambda match: _as_word(match[1]), text)


def _as_word(entity: str) -> str:
    return _PROMPTS.get(entity) or _MANUAL_PAGE.sub(r"\1(\2)", entity)


def _depth(title: Tag) -> int:
    return 1 + sum(1 for parent in title.parents if _SECTIONS.match(parent.name))


def _generic(tag: Tag) -> str:
    """An unknown element is a container if it stands in one, without words beside it."""
    parent = tag.parent
    if parent is None or _KEPT.match(tag.name) or not _CONTAINERS.match(parent.name):
        return tag.name
    siblings = (child for child in parent.children if isinstance(child, str))
    return tag.name if any(text.strip() for text in siblings) else "div"


def _without_entities(text: str) -> str:
    start = text.find("<!DOCTYPE")
    doctype = _DOCTYPE.match(text, start) if start >= 0 else None
    defined: dict[str, str] = {}
    if doctype:
        for name, double, single in _ENTITY.findall(doctype["subset"] or ""):
            defined[name] = double or single
        text = text[: doctype.start()] + text[doctype.end() :]
    text = text.replace("<!DOCTYPE", "").replace("<!ENTITY", "")

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _BUILT_IN:
            return match.group()
        known = defined.get(name) or html.unescape(match.group())
        if known == match.group():
            return f"{_OPEN}{name}{_CLOSE}"
        return known.replace("&", "&amp;").replace("<", "&lt;")

    declaration = _DECLARATION.match(text)
    body = text[declaration.end() :] if declaration else text.lstrip()
    return _REFERENCE.sub(replace, body)
