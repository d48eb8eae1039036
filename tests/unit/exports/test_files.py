"""Notes as HTML, PDF and Anki: everything is in there, and text stays text."""

from __future__ import annotations

import sqlite3
import zipfile
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    Span,
    Synopsis,
    SynopsisItem,
    TextItem,
)
from backend.errors import NothingToExport
from backend.exports.anki import to_anki
from backend.exports.html import to_html
from backend.exports.markdown import to_markdown
from backend.exports.notes import ExportedNotes, SourceMaterial, with_sources
from backend.exports.pdf import to_pdf

TEXT = "Владение — это набор правил. У значения один владелец."
HERE = [Span(material_id="m", start=0, end=28)]
GONE = [Span(material_id="gone", start=0, end=5)]
HOSTILE = "</code><script>alert(1)</script> {{c1::x}} [latex]\\x[/latex] <b>&amp; \x00\x1f"
ITEMS: list[SynopsisItem] = [
    HeadingItem(level=1, text="Правила"),
    TextItem(text="Владение — набор правил.", sources=HERE),
    DefinitionItem(term="Владелец", text="Тот, кто один.", sources=[*HERE, *GONE]),
    ListItem(items=["раз", "два"], ordered=True, sources=HERE),
    CodeItem(language='rust"><i>', text="fn main() {}\n\tlet x = 1;", sources=HERE),
    NoteItem(text="Осторожно.", grounded=False),
]


def notes(*items: SynopsisItem, language: str = "ru") -> ExportedNotes:
    synopsis = Synopsis(title="Лекция № 1", language=language, items=list(items))
    return with_sources(synopsis, {"m": SourceMaterial("Лекция.txt", TEXT)})


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def cards(deck: bytes, tmp_path: Path) -> list[tuple[str, list[str]]]:
    with zipfile.ZipFile(BytesIO(deck)) as package:
        package.extract("collection.anki2", tmp_path)
    with sqlite3.connect(tmp_path / "collection.anki2") as database:
        rows = database.execute(
            "SELECT notes.guid, notes.flds FROM cards JOIN notes ON notes.id = cards.nid "
            "ORDER BY cards.due"
        ).fetchall()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    return [(guid, fields.split("\x1f")) for guid, fields in rows]


def test_markdown_has_sources_as_footnotes_and_says_what_is_gone() -> None:
    shown = to_markdown(notes(*ITEMS))

    assert "Владение — набор правил. [^1]\n" in shown
    assert "**Владелец** — Тот, кто один. [^1][^2]\n" in shown
    assert "[^1]: Лекция.txt: “Владение — это набор правил.”\n[^2]: *материал удалён*\n" in shown
    assert "```rusti\nfn main() {}\n\tlet x = 1;\n```\n\n[^1]\n" in shown


def test_html_has_all_of_it_and_no_tag_of_its_texts() -> None:
    shown = to_html(notes(*ITEMS))

    assert '<html lang="ru">' in shown
    assert '<sup><a href="#s1">[1]</a></sup>' in shown
    assert '<li id="s1">Лекция.txt: <q>Владение — это набор правил.</q></li>' in shown
    assert '<li id="s2"><em>материал удалён</em></li>' in shown
    assert '<code class="language-rusti">fn main() {}\n\tlet x = 1;</code>' in shown
    assert "(нет в материале)" in shown
    hostile = to_html(notes(TextItem(text=HOSTILE), CodeItem(language=HOSTILE, text=HOSTILE)))
    tags = Tags()
    tags.feed(hostile)
    assert not {"script", "b", "i"} & set(tags.found)
    assert "\x00" not in hostile


def test_a_pdf_can_be_read_back_in_cyrillic() -> None:
    long = [TextItem(text=f"Абзац {n}. " + "Слово за словом. " * 40) for n in range(12)]
    made = to_pdf(notes(*ITEMS, *long, CodeItem(text="x" * 400)))
    reader = PdfReader(BytesIO(made))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    assert len(reader.pages) > 2
    assert reader.metadata is not None
    assert reader.metadata.title == "Лекция № 1"
    for said in ("Лекция № 1", "Владелец — Тот, кто один.", "1. раз", "fn main() {}", "Абзац 11."):
        assert said in text
    assert "[1] Лекция.txt: Владение — это набор правил." in text
    assert "материал удалён" in text


def test_a_pdf_shows_markup_as_text() -> None:
    made = to_pdf(notes(TextItem(text=HOSTILE), CodeItem(text=HOSTILE), HeadingItem(text="<a>")))
    text = PdfReader(BytesIO(made)).pages[0].extract_text()

    assert text.count("</code><script>alert(1)</script>") == 2
    assert "<b>&amp;" in text


def test_definitions_become_cards_with_their_sources(tmp_path: Path) -> None:
    (card,) = cards(to_anki(notes(*ITEMS), "s1"), tmp_path)

    assert card[1] == [
        "Владелец",
        "Тот, кто один.",
        "Лекция.txt: Владение — это набор правил.<br>материал удалён",
    ]


def test_a_later_deck_updates_the_same_cards(tmp_path: Path) -> None:
    first = cards(to_anki(notes(DefinitionItem(term="A", text="one")), "s1"), tmp_path)
    later = cards(to_anki(notes(DefinitionItem(term="A", text="two")), "s1"), tmp_path)
    other = cards(to_anki(notes(DefinitionItem(term="A", text="one")), "s2"), tmp_path)

    assert first[0][0] == later[0][0] != other[0][0]


def test_a_term_defined_twice_is_two_cards(tmp_path: Path) -> None:
    twice = notes(DefinitionItem(term="A", text="one"), DefinitionItem(term="a", text="two"))

    assert len(cards(to_anki(twice, "s"), tmp_path)) == 2


def test_a_card_holds_no_markup_of_anki(tmp_path: Path) -> None:
    (card,) = cards(to_anki(notes(DefinitionItem(term=HOSTILE, text=HOSTILE)), "s"), tmp_path)

    assert len(card[1]) == 3
    assert not any(mark in card[1][0] for mark in ("<", "[", "{", "\x00"))


def test_notes_without_definitions_make_no_deck() -> None:
    with pytest.raises(NothingToExport, match="no definitions"):
        to_anki(notes(TextItem(text="x")), "s")
