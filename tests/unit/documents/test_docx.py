"""Word files: structure in document order, and what a hostile or broken package gets."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from backend.documents import DocumentRefused, read_document
from backend.documents.formats import docx as docx_reader

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
Rezip = Callable[[bytes, str, bytes], bytes]


def _refusal(name: str, data: bytes) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as refused:
        read_document(name, None, data)
    assert name in refused.value.message
    return refused.value


def test_headings_lists_and_tables_keep_their_order(word_file: bytes) -> None:
    document = read_document("os.docx", None, word_file)
    assert (document.title, document.format) == ("Операционные системы", "docx")
    assert document.text == (
        "# Процессы\n\n"
        "Процесс — это программа в работе.\n\n"
        "- состояние\n- приоритет\n1. создать\n\n"
        "| Вызов | Смысл |\n| --- | --- |\n| fork | копия \\| a |\n\n"
        "## Потоки\n\n"
        "Потоки делят память."
    )


def test_insertions_and_content_controls_are_read_and_deletions_are_not(
    word_file: bytes, rezip: Rezip
) -> None:
    body = (
        f"<w:document {W}><w:body>"
        "<w:p><w:r><w:t>Ядро </w:t></w:r><w:ins><w:r><w:t>новое</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>старое</w:delText></w:r></w:del></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>в рамке</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "</w:body></w:document>"
    )
    data = rezip(word_file, "word/document.xml", body.encode())
    assert read_document("a.docx", None, data).text == "Ядро новое\n\nв рамке"


def test_a_word_file_named_txt_is_read_as_what_it_is(word_file: bytes) -> None:
    assert read_document("notes.txt", "text/plain", word_file).format == "docx"


def test_entities_are_not_expanded(word_file: bytes, rezip: Rezip) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        f"<w:document {W}><w:body><w:p><w:r><w:t>x&b;&f;y</w:t></w:r></w:p></w:body></w:document>"
    )
    data = rezip(word_file, "word/document.xml", bomb.encode())
    assert "aaaa" not in read_document("bomb.docx", None, data).text


def test_a_zip_bomb_is_refused_before_it_is_unpacked(word_file: bytes, rezip: Rezip) -> None:
    data = rezip(word_file, "word/document.xml", b" " * 20_000_000)
    assert len(data) < 200_000
    refusal = _refusal("bomb.docx", data)
    assert (refusal.code, refusal.http_status) == ("material_too_large", 413)


def test_a_package_of_too_many_parts_is_refused(
    word_file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docx_reader, "MAX_ENTRIES", 3)
    assert _refusal("many.docx", word_file).code == "material_too_large"


def test_a_cut_off_package_is_corrupt(word_file: bytes) -> None:
    assert _refusal("half.docx", word_file[: len(word_file) // 2]).code == "material_corrupt"


def test_a_broken_body_is_corrupt(word_file: bytes, rezip: Rezip) -> None:
    data = rezip(word_file, "word/document.xml", b"<w:document")
    assert _refusal("torn.docx", data).code == "material_corrupt"


def test_plain_text_named_docx_is_mislabelled() -> None:
    refusal = _refusal("fake.docx", "Просто текст".encode())
    assert refusal.code == "material_mislabelled"
    assert ".txt" in refusal.message


def test_a_password_is_named() -> None:
    data = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    )
    assert _refusal("shut.docx", data).code == "material_encrypted"


def test_other_office_formats_say_what_to_do() -> None:
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "Excel" in _refusal("marks.xlsx", sheet.getvalue()).message
    old = _refusal("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    assert old.code == "material_unsupported"
    assert ".docx" in old.message


def _with_paragraphs(lines: list[str]) -> str:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return read_document("a.docx", None, out.getvalue()).text


BROKEN = """\
Threads of one process share its memory, and that is what makes them
fast: nothing has to be copied between them, and a switch needs no new
page table. It is also what makes them hard, since each may write where
another reads at any moment
Locks
-----
A lock lets one thread in and makes the others wait until it is given
back. A thread that never gives it back stops them all, and one that
takes two locks in another order than its neighbour may, too.
The next paragraph begins here, since there was room for its
first word. One more sentence.
A short line.
- An item that is so long that it had to be broken at the margin, too,
  goes on with an indent.
- Another.""".split("\n")


def test_lines_broken_at_a_width_are_put_together() -> None:
    text = _with_paragraphs(BROKEN)
    assert text.split("\n\n") == [
        "\n".join(BROKEN[:4]),
        "Locks\n-----",
        "\n".join(BROKEN[6:9]),
        "\n".join(BROKEN[9:11]),
        BROKEN[11],
        "\n".join(BROKEN[12:14]),
        BROKEN[14],
    ]


def test_whole_paragraphs_stay_apart() -> None:
    lines = ["A heading without a mark", "the one", "A sentence that ends.", "x" * 140] * 4
    assert _with_paragraphs(lines) == "\n\n".join(lines)
    verse = ["Мороз и солнце; день чудесный!", "Ещё ты дремлешь, друг прелестный —"] * 6
    assert _with_paragraphs(verse) == "\n\n".join(verse)
