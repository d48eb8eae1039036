"""Looks past Markdown, reStructuredText, HTML and JSX to the prose a reader sees."""

from __future__ import annotations

import re

_TAGS = (
    "a abbr audio b big blockquote br button caption center code col colgroup dd del details div "
    "dl dt em embed figcaption figure font footer form frame h1 h2 h3 h4 h5 h6 header hr i iframe "
    "img input ins kbd label li link main mark nav object ol option p picture pre q s samp script "
    "section select small source span strike strong style sub summary sup svg table tbody td "
    "textarea tfoot th thead tip tr track tt u ul var video"
).replace(" ", "|")

# What a reader doesn't see. Fenced code and code spans come first, so that nothing in them goes.
_KEEP = (
    r"(?P<keep>^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t>]*(?P=fence)|\Z)|`[^`\n]+`)"
)
_DROP = "|".join(
    [
        r"<!--[\s\S]*?-->",
        rf"</?(?:{_TAGS}|[A-Z]\w*)(?=[\s/>])(?:\"[^\"]{{0,2000}}\"|[^<>\"]){{0,2000}}>",
        r"\{\{#[^}\n]*\}\}",
        r"^[ \t]*\{[#:/][^}\n]*\}[ \t]*$",
        r"\{#[\w-]+\}",
        r"\[\[[\w.-]+\]\][ \t]*$",
        r"!\[[^\]]*\](?:\([^)\n]*\)|\[[^\]]*\])",
        r"\[\^[^\]\s]+\]:?",
        r"^[ \t]*\[[^\]\n]+\]:[ \t]+\S[^\n]*$",
        r"^[ \t]*\\?\[TOC\\?\][ \t]*$",
    ]
)
_DEBRIS = re.compile(f"{_KEEP}|(?P<drop>{_DROP})", re.MULTILINE)
_NOT_NEWLINE = re.compile(r"[^\n]")

_CODE_SPAN = re.compile(r"(`+)(.+?)\1")
_INLINE = [
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])"), r"\1"),
    (re.compile(r":[a-zA-Z:+-]+:`([^`<]+?)\s*(?:<[^>`]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^>`]*>`__?"), r"\1"),
    (re.compile(r"`([^`]+)`__?"), r"\1"),
    (re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])+)\]\([^()]*(?:\([^()]*\)[^()]*)*\)"), r"\1"),
    (re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),
    (re.compile(r"\[(?:\d{1,3}|#\w*)\]_"), ""),
    (re.compile(r"<(?:https?|mailto):[^>\s]*>"), ""),
    (re.compile(r"\s?\((?:https?:|www\.)[^\s)]*\)"), ""),
    (re.compile(r"\*\*|~~|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)"), ""),
    (re.compile(r"(?<![\w*])\*(?=\S)|(?<=[^\s*])\*(?![\w*])"), ""),
    (re.compile(r"(?<!\w)_(?=[^\s_])|(?<=[^\s_])_(?!\w)"), ""),
    (re.compile(r"(?<=\w|\s)--(?=\w|\s)"), "—"),
    (re.compile(r"\[([A-Za-zА-Яа-яЁё“«\"`][^\[\]=,]{1,60})\](?!\()"), r"\1"),
    (re.compile(r"^>\s*\[?!(?:NOTE|WARNING|TIP|IMPORTANT|CAUTION)\]?", re.IGNORECASE), ""),
]
# Without one of these there is nothing to take off.
_MARK = re.compile(r"[\\`\[<>*_~]|--|\(?:https?:|www\.")
_QUOTE_MARK = re.compile(r"\n[ \t]*(?:>[ \t]?)+")
_SPACE_BEFORE_MARK = re.compile(r"\s+([,.;!?…»)]|:(?!:))(?=\s|$)")
_LEFT_HANGING = re.compile(
    r"(?<=[.!?])\s+(?:For )?(?:examples?|e\.g\.|например|примеры?)\s*:{0,2}$", re.IGNORECASE
)
_ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&mdash;": "—"}


def visible(text: str) -> str:
    """`text` with debris (tags, images, includes, comments) as blanks: every offset stays."""
    return _DEBRIS.sub(_blank_unless_kept, text)


def _blank_unless_kept(match: re.Match[str]) -> str:
    return match[0] if match["drop"] is None else _NOT_NEWLINE.sub(" ", match[0])


def prose(raw: str) -> str:
    """What a reader sees of a piece of `visible` text: one line, no marks, links as their text."""
    text = _QUOTE_MARK.sub(" ", "\n" + raw)
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    pieces = []
    position = 0
    # rST's ``code`` and Markdown's `code` keep what is in them; what is around loses its marks.
    for match in _CODE_SPAN.finditer(text):
        if text[match.end() : match.end() + 1] == "_" or text[: match.start()].endswith(":"):
            continue
        pieces += [_without_marks(text[position : match.start()]), match[2]]
        position = match.end()
    pieces.append(_without_marks(text[position:]))
    joined = " ".join("".join(pieces).split())
    tidy = _SPACE_BEFORE_MARK.sub(r"\1", joined)
    return _balanced(_LEFT_HANGING.sub("", tidy.removesuffix("::")))


def _balanced(text: str) -> str:
    """Without a bracket at either end whose partner is in another sentence."""
    if text.startswith("(") and ")" not in text:
        text = text[1:]
    if text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1]
    return text


def _without_marks(text: str) -> str:
    if not _MARK.search(text):
        return text
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return text
