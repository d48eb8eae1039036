"""What `read_document` decides for every format: limits, names, titles, language, kind."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.documents import DocumentRefused, clean_text, read_document
from backend.documents.detection import Format
from backend.errors import CallerError


def _refusal(name: str, data: bytes, **limits: int) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as refused:
        read_document(name, None, data, **limits)
    return refused.value


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \n\t\r\n \xc2\xa0\n", b"\0\0"]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.xml", "a.mdx", "a.srt"])
def test_nothing_to_read_is_empty(name: str, data: bytes) -> None:
    refusal = _refusal(name, data)
    assert (refusal.code, refusal.http_status) == ("material_empty", 422)
    assert name in refusal.message


def test_markup_around_nothing_is_empty() -> None:
    assert _refusal("a.html", b"<html><body><script>x()</script></body></html>").code == (
        "material_empty"
    )


def test_bytes_are_counted_before_anything_is_read() -> None:
    refusal = _refusal("big.pdf", b"%PDF-1.7 broken", max_bytes=10)
    assert (refusal.code, refusal.http_status) == ("material_too_large", 413)


def test_characters_have_a_limit() -> None:
    assert read_document("a.txt", None, b"a" * 100, max_chars=100).text == "a" * 100
    refusal = _refusal("a.txt", b"a" * 101, max_chars=100)
    assert refusal.code == "material_too_large"
    assert "101" in refusal.message


@pytest.mark.parametrize("name", ["table.csv", "song.mp3", "run.exe"])
def test_unknown_endings_are_refused_with_the_list_of_formats(name: str) -> None:
    refusal = _refusal(name, b"some words in it")
    assert refusal.code == "material_unsupported"
    assert ".docx" in refusal.message


def test_an_unknown_text_file_is_refused_with_how_to_give_it() -> None:
    assert "rename it to .txt" in _refusal("table.csv", b"a,b").message


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"{\\rtf1 ", b"OggS"])
def test_known_foreign_formats_are_named_whatever_the_file_is_called(head: bytes) -> None:
    assert _refusal("notes.txt", head + b"x" * 100).code == "material_unsupported"


def test_a_refusal_crosses_processes() -> None:
    refusal = pickle.loads(pickle.dumps(_refusal("a.txt", b"")))
    assert isinstance(refusal, CallerError)
    assert refusal.code == "material_empty"
    assert "a.txt" in refusal.message


def test_a_document_crosses_processes() -> None:
    document = read_document("a.txt", None, b"words")
    assert pickle.loads(pickle.dumps(document)) == document


def test_messages_show_the_name_without_folders_and_control_characters() -> None:
    refusal = _refusal("../../etc/<b>\n\x1b[31mevil\0.txt", b"")
    assert "“<b>[31mevil.txt”" in refusal.message


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("lecture_3.txt", "Просто текст.", "lecture 3"),
        ("a.md", "вступление\n\n## **Память** [и диск](x)\n", "Память и диск"),
        ("pep.rst", "PEP: 1\nTitle: Purpose\nStatus: Final\n\nText", "Purpose"),
        ("a.rst", "Заголовок\n=========\n\nТекст", "Заголовок"),
        ("README", "plain words", "README"),
    ],
)
def test_titles(name: str, text: str, title: str) -> None:
    assert read_document(name, "text/plain", text.encode()).title == title


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Процессы и потоки", "ru"),
        ("Метод fit() класса Trainer из библиотеки Transformers", "ru"),
        ("Processes and threads share memory", "en"),
        ("Українська мова є державною мовою в Україні, її вживають", None),
        ("Der Prozess ist ein Programm in Ausführung und hat einen eigenen Speicher. " * 4, None),
        ("日本語の文章です。", None),
        ("123 456", None),
        ("```python\nfor word in words: print(word)\n```\nЦикл по словам", "ru"),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert read_document("a.md", None, text.encode()).language == language


def test_kinds_are_told_by_form() -> None:
    talk = "\n".join(f"**{name}:** Fine, let us go on." for name in ["Ann Lee", "Bob"] * 5)
    chat = "\n".join(f"[10:0{n}] <user{n % 2}> hi there" for n in range(8))
    glossary = "\n".join(f"Term{n}: what it means" for n in range(20))
    assert read_document("a.md", None, talk.encode()).kind == "transcript"
    assert read_document("a.txt", None, chat.encode()).kind == "chat"
    assert read_document("a.txt", None, glossary.encode()).kind == "prose"


def test_clean_text_takes_out_only_what_nobody_sees() -> None:
    dirty = "\ufeffа\0б\r\nй\u0306 и\u0306\r\td\x07 \ud800x\ud83d\ude00\u2028конец  \n\n\n"
    assert clean_text(dirty) == "аб\nй\u0306 й\n\td x😀\nконец  \n\n\n"


@given(st.text())
def test_clean_text_is_stable_and_safe_to_store(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\0" not in cleaned.encode("utf-8").decode("utf-8")


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(
        ["a.txt", "a.html", "a.xml", "a.mdx", "a.srt", "a.vtt", "a.pdf", "a.docx", "a.json", "a"]
    ),
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"WEBVTT\n\n", b'[{"from":']),
)
def test_any_bytes_give_a_document_or_a_refusal(data: bytes, name: str, head: bytes) -> None:
    try:
        document = read_document(name, None, head + data)
    except DocumentRefused as refusal:
        outcome = refusal.code
    else:
        outcome = document.format if document.text.strip() and document.title else "nothing"
    assert outcome.startswith("material_") or outcome in list(Format)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"a" * 900_000 + b"\xff"),
        ("a.txt", b"a" * 900_000 + "я".encode()),
        ("a.md", b"```a\n" * 150_000),
        ("a.md", b"# " * 400_000),
        ("a.xml", b"<x>" + b"<!DOCTYPE[" * 80_000),
        ("a.xml", b"<?xml " * 150_000),
        ("a.xml", b"<x>" + b"&amp" * 200_000),
        ("a.html", b"<p " * 250_000),
        ("a.html", b"<b>" * 60_000),
        ("a.html", b"<table><tr><td>" * 20_000),
        ("a.mdx", b"<Aa " * 200_000),
        ("a.mdx", b"<Aa\n" * 60_000),
        ("a.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + b"<b " * 250_000),
        ("a.txt", b"[" * 900_000),
    ],
)
def test_hostile_text_is_read_or_refused_in_time(name: str, data: bytes) -> None:
    try:
        outcome = read_document(name, None, data).format
    except DocumentRefused as refusal:
        outcome = refusal.code
    assert outcome
