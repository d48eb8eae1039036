"""Notes as one HTML file that loads nothing and runs nothing."""

from __future__ import annotations

from html import escape

from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    SynopsisItem,
)
from backend.exports.notes import ExportedNotes, NumberedItem, code_language, printable

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.6 Georgia, "Times New Roman", serif; max-width: 42rem;
  margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 1.6em 0 .4em; }
dl { border-left: 3px solid #1b6650; margin-left: 0; padding-left: 1rem; }
dt { font-weight: bold; } dd { margin: 0; }
pre { background: light-dark(#eef2f0, #1c2622); overflow-x: auto; padding: .8rem 1rem; }
aside { background: light-dark(#e2f0ea, #1b362d); padding: .6rem 1rem; }
.remark { color: light-dark(#855600, #e6b964); font-size: .85em; }
sup a { text-decoration: none; padding: 0 .1em; } .sources { font-size: .85em; }
""".strip()


def to_html(notes: ExportedNotes) -> str:
    """A whole document. All text is escaped; sources are numbered links to a list at the end."""
    body = [f"<h1>{_text(notes.title)}</h1>", *(_item(each, notes) for each in notes.items)]
    if notes.sources:
        body.append(f"<h2>{_text(notes.word('sources'))}</h2>")
        body.append('<ol class="sources">')
        for source in notes.sources:
            told = f"<em>{_text(notes.word('deleted'))}</em>"
            if source.title is not None:
                told = f"{_text(source.title)}: <q>{_text(source.passage)}</q>"
            body.append(f'<li id="s{source.number}">{told}</li>')
        body.append("</ol>")
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(notes.language, quote=True)}">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(notes.title)}</title>",
            f"<style>{_STYLE}</style></head>",
            "<body>",
            *body,
            "</body></html>",
            "",
        ]
    )


def _item(each: NumberedItem, notes: ExportedNotes) -> str:
    item = each.item
    if isinstance(item, HeadingItem):
        return f"<h{item.level + 1}>{_text(item.text)}</h{item.level + 1}>"
    marks = "".join(f'<sup><a href="#s{n}">[{n}]</a></sup>' for n in each.numbers)
    if remark := notes.remark_on(item):
        marks += f' <span class="remark">({_text(remark)})</span>'
    return _body(item, marks, notes)


def _body(item: SynopsisItem, marks: str, notes: ExportedNotes) -> str:
    match item:
        case DefinitionItem():
            return f"<dl><dt>{_text(item.term)}</dt><dd>{_text(item.text)}{marks}</dd></dl>"
        case ListItem():
            tag = "ol" if item.ordered else "ul"
            points = [f"<li>{_text(point)}</li>" for point in item.items]
            points[-1] = points[-1].removesuffix("</li>") + f"{marks}</li>"
            return f"<{tag}>{''.join(points)}</{tag}>"
        case CodeItem():
            name = code_language(item.language)
            kind = f' class="language-{escape(name, quote=True)}"' if name else ""
            after = f"<p>{marks}</p>" if marks else ""
            return f"<pre><code{kind}>{_text(item.text)}</code></pre>{after}"
        case NoteItem():
            word = _text(notes.word("note"))
            return f"<aside><strong>{word}.</strong> {_text(item.text)}{marks}</aside>"
        case _:
            return f"<p>{_text(item.text)}{marks}</p>"


def _text(text: str) -> str:
    return escape(printable(text))
