"""Web pages, DocBook, MDX and subtitles become text that reads well; Markdown stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.documents import Document, DocumentRefused, read_document


def _read(folder: Path, name: str, encoding: str = "utf-8") -> Document:
    text = (folder / name).read_bytes().decode("utf-8")
    return read_document(name, None, text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_web_page_loses_what_surrounds_the_text(document_samples: Path, encoding: str) -> None:
    document = _read(document_samples, "page.html", encoding)
    assert (document.title, document.language) == ("Сети: лекция 1", "ru")
    assert document.encoding == encoding
    assert document.text == (
        "# Модель OSI\n\n"
        "В модель входят семь уровней: от физического до прикладного.\n\n"
        "- Физический\n- Канальный\n  - Ethernet\n\n"
        "1. Соединить\n2. Передать\n\n"
        "```python\ndef send(frame):\n    return frame < 1500\n```\n\n"
        "| Уровень | Единица |\n| --- | --- |\n| Сетевой | Пакет |\n\n"
        "> Уровни не знают друг о друге."
    )


def test_a_web_page_named_txt_is_read_as_what_it_is(document_samples: Path) -> None:
    data = (document_samples / "page.html").read_bytes()
    assert read_document("page.txt", "text/plain", data).format == "html"


def test_docbook_becomes_headings_and_paragraphs(document_samples: Path) -> None:
    document = _read(document_samples, "article.xml")
    assert document.title == "Память в FreeBSD"
    assert document.text == (
        "# Память в FreeBSD\n\n"
        "Страница имеет `4096` байт, см. secret.\n\n"
        "## Подкачка\n\n"
        "- вытеснение\n\n"
        "```\n# swapinfo\nDevice   Used\n```"
    )


def test_entity_bombs_are_left_alone() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
        "<x><para>safe &c;</para></x>"
    )
    assert read_document("bomb.xml", None, bomb.encode()).text == "safe c"


def test_entities_that_nobody_defined_are_there_by_their_names() -> None:
    book = (
        "<article><title>Диски во &os;</title>&chap-one;<para>&legal;</para>"
        "<para>Во &os; есть &man.ls.1; и &amp;os; &mdash; так.</para>"
        "<screen>&prompt.root; mkdir /tmp/a</screen></article>"
    )
    document = read_document("book.xml", None, book.encode())
    assert document.title == "Диски во os"
    assert document.text == (
        "# Диски во os\n\nВо os есть ls(1) и &os; — так.\n\n```\n# mkdir /tmp/a\n```"
    )


@pytest.mark.parametrize("name", ["deep.html", "deep.xml"])
def test_nesting_without_end_is_refused(name: str) -> None:
    deep = "<div>" * 50_000 + "слово" + "</div>" * 50_000
    with pytest.raises(DocumentRefused) as refused:
        read_document(name, None, deep.encode())
    assert refused.value.code == "material_corrupt"


def test_mdx_keeps_the_text_and_the_code(document_samples: Path) -> None:
    document = _read(document_samples, "course.mdx")
    assert document.title == "Семантический поиск"
    assert document.text == (
        "# Семантический поиск\n\n"
        "Векторы сравнивают по косинусу, если a < b.\n\n"
        '```jsx\nimport React from "react";\n<Banner size={3} />\n{#if code}\n```'
    )


def test_srt_becomes_sentences_and_turns(document_samples: Path) -> None:
    document = _read(document_samples, "talk.srt")
    assert (document.format, document.kind) == ("srt", "subtitles")
    assert document.text == (
        "Сегодня мы говорим о процессах.\n\nА что такое процесс?\n\nПрограмма в работе."
    )


def test_vtt_rolling_captions_are_said_once(document_samples: Path) -> None:
    document = _read(document_samples, "rolling.vtt")
    assert document.text == (
        "so today we look at page tables.\n\n"
        "Anna: What is a page?\n\n"
        "Boris Petrov: A block of memory & its address."
    )


@pytest.mark.parametrize(("name", "format_"), [("talk.srt", "srt"), ("rolling.vtt", "vtt")])
def test_subtitles_named_txt_are_read_as_what_they_are(
    document_samples: Path, name: str, format_: str
) -> None:
    data = (document_samples / name).read_bytes()
    assert read_document("captions.txt", None, data).format == format_


@pytest.mark.parametrize(
    ("name", "format_"), [("a.md", "md"), ("a.rst", "rst"), ("b.rst.txt", "rst")]
)
def test_markdown_and_rst_stay_as_they_are(name: str, format_: str) -> None:
    text = "# Заголовок\n\n```python\nif a  <  b:\n\tpass\n```\n\n<b>не трогать</b>  \nконец"
    document = read_document(name, None, text.replace("\n", "\r\n").encode())
    assert (document.text, document.format) == (text, format_)
