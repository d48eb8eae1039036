"""Every real file beside the checkout, one line each: what it is read as, or why it is refused."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import pytest

from backend.documents import DocumentRefused, read_document


class Read(NamedTuple):
    """Format, encoding, language and kind, the text's length (±3 %) and a phrase in it."""

    format: str
    encoding: str | None
    language: str
    kind: str
    length: int
    phrase: str


EXPECTED: dict[str, Read | str] = {
    "awkward/asr_style_no_punctuation_en.txt": Read(
        "txt",
        "utf-8",
        "en",
        "prose",
        37326,
        "omizing the networks there is a cost to",
    ),
    "awkward/bom_only.txt": "material_empty",
    "awkward/corrupt_truncated.pdf": "material_corrupt",
    "awkward/document_en_with_table.docx": Read(
        "docx",
        None,
        "en",
        "prose",
        10790,
        "1. The source checkout of the project",
    ),
    "awkward/empty.txt": "material_empty",
    "awkward/encrypted_password_test.pdf": "material_encrypted",
    "awkward/koi8r_ru_docbook.xml": Read(
        "xml",
        "koi8-r",
        "ru",
        "prose",
        16483,
        "истеме флэш-памяти, вы можете",
    ),
    "awkward/lecture_ru.docx": Read(
        "docx",
        None,
        "ru",
        "prose",
        8203,
        "она дает общую терминологию и концепции",
    ),
    "awkward/long_en_inaugural_addresses.txt": Read(
        "txt",
        "utf-8",
        "en",
        "prose",
        808265,
        "lways violate it. Those who disregard",
    ),
    "awkward/long_en_single_line.txt": Read(
        "txt",
        "utf-8",
        "en",
        "prose",
        320000,
        "e enumeration of the principles which",
    ),
    "awkward/long_ru_gogol_dead_souls.txt": Read(
        "txt",
        "utf-8",
        "ru",
        "prose",
        757968,
        "бя, он предпочтет его умнику. Но именно",
    ),
    "awkward/long_ru_turgenev_fathers_and_sons.txt": Read(
        "txt",
        "utf-8",
        "ru",
        "prose",
        370303,
        "асчет настоящей цели его поездки",
    ),
    "awkward/math_pdf_ru_physics.pdf": Read(
        "pdf",
        None,
        "ru",
        "prose",
        3017,
        "c) Объемное: ρ = m V = dm dV Lz = Iωz",
    ),
    "awkward/mixed_ru_en_code.mdx": Read(
        "mdx",
        "utf-8",
        "ru",
        "prose",
        50360,
        "остоты мы будем использовать стандартный",
    ),
    "awkward/mojibake_ru.txt": Read(
        "txt",
        "utf-8",
        "ru",
        "prose",
        5000,
        "то производит их, и они тяготятся ими",
    ),
    "awkward/not_really_a.docx": "material_mislabelled",
    "awkward/scanned_en_no_text_layer.pdf": "material_scan",
    "awkward/scanned_en_no_text_layer.truth.txt": Read(
        "txt",
        "utf-8",
        "en",
        "prose",
        9056,
        "tates be not a government proper, but an",
    ),
    "awkward/scanned_ru_no_text_layer.pdf": "material_scan",
    "awkward/scanned_ru_no_text_layer.truth.txt": Read(
        "txt",
        "utf-8",
        "ru",
        "prose",
        8298,
        "нском мире только та, что в Индии и",
    ),
    "awkward/subtitles_en.srt": Read(
        "srt",
        "utf-8",
        "en",
        "subtitles",
        3566,
        "new, randomly initialized head suitable",
    ),
    "awkward/subtitles_en.vtt": Read(
        "vtt",
        "utf-8",
        "en",
        "subtitles",
        3566,
        "new, randomly initialized head suitable",
    ),
    "awkward/subtitles_ru.srt": Read(
        "srt",
        "utf-8",
        "ru",
        "subtitles",
        4019,
        "о инициализированной головой, подходящей",
    ),
    "awkward/subtitles_ru.vtt": Read(
        "vtt",
        "utf-8",
        "ru",
        "subtitles",
        4019,
        "о инициализированной головой, подходящей",
    ),
    "awkward/two_columns_en_acl2019.pdf": Read(
        "pdf",
        None,
        "en",
        "prose",
        48616,
        "9 The exceptions were two cases where a",
    ),
    "awkward/two_columns_ru_made.pdf": Read(
        "pdf",
        None,
        "ru",
        "prose",
        14553,
        "еным, ушедшим из университета",
    ),
    "awkward/two_columns_ru_made.truth.txt": Read(
        "txt",
        "utf-8",
        "ru",
        "prose",
        14605,
        "еным, ушедшим из университета",
    ),
    "awkward/utf16le_bom_ru.txt": Read(
        "txt",
        "utf-16-le",
        "ru",
        "prose",
        6203,
        "обираются в самые зараженные ими же",
    ),
    "awkward/whitespace_only.txt": "material_empty",
    "awkward/win1251_ru.txt": Read(
        "txt",
        "cp1251",
        "ru",
        "prose",
        63209,
        "еди утонченных людей, употребляется",
    ),
    "en/ami_meeting_ES2004a.txt": Read(
        "txt",
        "utf-8",
        "en",
        "transcript",
        18387,
        "n of a remote control might be useful",
    ),
    "en/ami_meeting_TS3004c.txt": Read(
        "txt",
        "utf-8",
        "en",
        "transcript",
        47831,
        "you just have to make it uh That's not",
    ),
    "en/go-time-165.md": Read(
        "md",
        "utf-8",
        "en",
        "transcript",
        51026,
        "was gonna ask is what are your thoughts",
    ),
    "en/pep-0572.rst.txt": Read(
        "rst",
        "utf-8",
        "en",
        "prose",
        47027,
        "than comparison operators. Placing its",
    ),
    "en/pep-0703.rst.txt": Read(
        "rst",
        "utf-8",
        "en",
        "prose",
        86325,
        "l read sequence number is larger than",
    ),
    "en/practical-ai-88.md": Read(
        "md",
        "utf-8",
        "en",
        "transcript",
        46630,
        "t may be different from other functions",
    ),
    "en/rust_book_ch04_ownership.md": Read(
        "md",
        "utf-8",
        "en",
        "prose",
        35711,
        "pattern every time: Assigning a",
    ),
    "en/rust_book_ch16_concurrency.md": Read(
        "md",
        "utf-8",
        "en",
        "prose",
        27260,
        "at consumes those values. Imagine",
    ),
    "en/ship-it-66.md": Read(
        "md",
        "utf-8",
        "en",
        "transcript",
        54896,
        "we're working in as optimal a way as we",
    ),
    "en/the-changelog-366.md": Read(
        "md",
        "utf-8",
        "en",
        "transcript",
        48185,
        "tion. They're not allowed. The only way",
    ),
    "ru/freebsd_explaining-bsd.md": Read(
        "md",
        "utf-8",
        "ru",
        "prose",
        20712,
        "2 или 2.4. Версии для разработчиков",
    ),
    "ru/freebsd_vm-design.md": Read(
        "md",
        "utf-8",
        "ru",
        "prose",
        42298,
        "виртуальной памяти процесса, а в кэш",
    ),
    "ru/hf_course_ru_ch1_transformers.mdx": Read(
        "mdx",
        "utf-8",
        "ru",
        "prose",
        13837,
        "так: слой внимания помогает модели",
    ),
    "ru/hf_course_ru_ch5_semantic_search.mdx": Read(
        "mdx",
        "utf-8",
        "ru",
        "prose",
        21249,
        "Мы можем проверить работу функции",
    ),
    "ru/hf_video_talks_ru_1.txt": Read(
        "txt",
        "utf-8",
        "ru",
        "prose",
        18553,
        "фективным в поиске оптимальной",
    ),
    "ru/hf_video_talks_ru_2.txt": Read(
        "txt",
        "utf-8",
        "ru",
        "prose",
        16716,
        "ы знаем, что числовое представление",
    ),
    "ru/itmo_opersys_2025_05_20.md": Read(
        "md",
        "utf-8",
        "ru",
        "prose",
        12460,
        "операционной системы так, что",
    ),
    "ru/itmo_philosophy_2025_10_02.md": Read(
        "md",
        "utf-8",
        "ru",
        "prose",
        8717,
        "алкивается с проблемой: она не имеет",
    ),
    "ru/itmo_sathistory_2024_10_31.md": Read(
        "md",
        "utf-8",
        "ru",
        "prose",
        8023,
        "зывал математику с музыкой",
    ),
    "ru/itmo_telecomm_2025_11_14.md": Read(
        "md",
        "utf-8",
        "ru",
        "prose",
        10782,
        "или один их промежуточных узлов",
    ),
    "ru/rust_book_ru_ch04.md": Read(
        "md",
        "utf-8",
        "ru",
        "prose",
        36660,
        "немного утомительно. Что, если мы хотим",
    ),
    "chat/en_openassistant_format_25_trees.jsonl": Read(
        "json",
        "utf-8",
        "en",
        "chat",
        139003,
        "Assistant: The first step is to research your options",
    ),
    "chat/en_taskmaster4_30.jsonl": Read(
        "json",
        "utf-8",
        "en",
        "chat",
        13311,
        "User: What kind of sweetener do you carry?",
    ),
    "chat/ru_mtbench_qwen2_threads.jsonl": Read(
        "json",
        "utf-8",
        "ru",
        "chat",
        125353,
        "User: Перепишите свой предыдущий ответ",
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_file(shared_data: Path, name: str) -> None:
    data, expected = (shared_data / name).read_bytes(), EXPECTED[name]
    if isinstance(expected, str):
        with pytest.raises(DocumentRefused, match=re.escape(Path(name).name)) as refused:
            read_document(name, None, data)
        assert refused.value.code == expected
        return
    document = read_document(name, None, data)
    assert (document.format, document.encoding) == (expected.format, expected.encoding)
    assert (document.language, document.kind) == (expected.language, expected.kind)
    assert len(document.text) == pytest.approx(expected.length, rel=0.03)
    assert expected.phrase in document.text


def test_the_table_names_every_file(shared_data: Path) -> None:
    folders = ("awkward", "en", "ru", "chat")
    there = {
        f"{folder}/{path.name}" for folder in folders for path in (shared_data / folder).iterdir()
    }
    assert there == set(EXPECTED)


def test_two_columns_come_in_reading_order(shared_data: Path) -> None:
    pdf = shared_data / "awkward" / "two_columns_ru_made.pdf"
    truth = (shared_data / "awkward" / "two_columns_ru_made.truth.txt").read_text(encoding="utf-8")
    text = read_document(pdf.name, None, pdf.read_bytes()).text
    assert _words(text) == _words(truth)
    ours, theirs = ([" ".join(_words(p)) for p in t.split("\n\n")] for t in (text, truth))
    blocks = SequenceMatcher(None, ours, [p for p in theirs if p], autojunk=False).ratio()
    assert blocks > 0.95


def test_mojibake_is_repaired_to_the_very_text(shared_data: Path) -> None:
    folder = shared_data / "awkward"
    broken, whole = (folder / name for name in ("mojibake_ru.txt", "utf16le_bom_ru.txt"))
    repaired = read_document(broken.name, None, broken.read_bytes())
    assert repaired.repaired
    assert read_document(whole.name, None, whole.read_bytes()).text.startswith(repaired.text[:4900])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
