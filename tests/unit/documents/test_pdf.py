"""PDF: reading order, paragraphs and words as an author wrote them, and honest refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.documents import DocumentRefused, read_document
from backend.documents.formats import pdf
from backend.documents.formats.pdf_lines import Fragment, group_lines

MakePdf = Callable[..., bytes]
LEFT = [
    "Процесс есть программа в рабо-",
    "те, со своей памятью и своим",
    "состоянием. Планировщик ядра",
    "выбирает, какой из процессов",
    "получит процессор в следующий",
    "квант времени, и сменяет его.",
    "Смена контекста стоит дорого,",
    "поэтому кванты не бывают ко-",
]
RIGHT = [
    "роткими. Потоки одного про-",
    "цесса делят между собой всю",
    "память, поэтому их переключе-",
    "ние дешевле, но ошибка одного",
    "портит данные у остальных по-",
    "токов этого же процесса. Для",
    "защиты служат взаимные исклю-",
    "чения, семафоры и мониторы.",
]
TWO_COLUMNS = (
    "Процесс есть программа в работе, со своей памятью и своим состоянием. Планировщик ядра "
    "выбирает, какой из процессов получит процессор в следующий квант времени, и сменяет его. "
    "Смена контекста стоит дорого, поэтому кванты не бывают короткими. Потоки одного процесса "
    "делят между собой всю память, поэтому их переключение дешевле, но ошибка одного портит "
    "данные у остальных потоков этого же процесса. Для защиты служат взаимные исключения, "
    "семафоры и мониторы."
)


def _column(lines: list[str], x: float) -> list[tuple[float, float, float, str]]:
    return [(x, 700 - 14 * row, 10, line) for row, line in enumerate(lines)]


def _refusal(name: str, data: bytes) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as refused:
        read_document(name, "application/pdf", data)
    assert name in refused.value.message
    return refused.value


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_columns_drawn_one_after_the_other(make_pdf: MakePdf) -> None:
    data = make_pdf([[*_column(LEFT, 50), *_column(RIGHT, 310)]])
    document = read_document("os.pdf", "application/pdf", data)
    assert _flat(document.text) == TWO_COLUMNS
    assert (document.format, document.language, document.encoding) == ("pdf", "ru", None)


def test_columns_drawn_row_by_row(make_pdf: MakePdf) -> None:
    rows = zip(_column(LEFT, 50), _column(RIGHT, 310), strict=True)
    data = make_pdf([[piece for row in rows for piece in row]])
    assert _flat(read_document("os.pdf", None, data).text) == TWO_COLUMNS


def test_heads_feet_and_page_numbers_are_dropped(make_pdf: MakePdf) -> None:
    pages = [
        [
            (50, 810, 8, "Кафедра сетей. Лекции"),
            (50, 700, 10, f"{name} уровень модели отвечает за своё дело и не знает о других."),
            (290, 30, 8, str(number)),
        ]
        for number, name in enumerate(["Физический", "Канальный", "Сетевой"], start=1)
    ]
    text = read_document("osi.pdf", None, make_pdf(pages)).text
    assert "Кафедра" not in text
    assert not any(line.strip().isdigit() for line in text.splitlines())
    assert [text.count(name) for name in ("Физический", "Канальный", "Сетевой")] == [1, 1, 1]


def test_larger_type_is_a_heading_and_a_gap_a_new_paragraph(make_pdf: MakePdf) -> None:
    page = [
        (50, 780, 18, "Модель OSI"),
        (50, 740, 10, "В модель входят семь уровней, и каждый служит"),
        (50, 727, 10, "тому, что над ним."),
        (50, 690, 10, "Первый уровень передаёт биты по среде, второй"),
        (50, 677, 10, "собирает их в кадры."),
    ]
    document = read_document("osi.pdf", None, make_pdf([page]))
    assert document.title == "Модель OSI"
    assert document.text == (
        "# Модель OSI\n\n"
        "В модель входят семь уровней, и каждый служит тому, что над ним.\n\n"
        "Первый уровень передаёт биты по среде, второй собирает их в кадры."
    )


def test_a_real_hyphen_survives_and_ligatures_are_spelled_out(make_pdf: MakePdf) -> None:
    page = [
        (50, 740, 10, "Радиус-вектор задаёт точку. Где лежит радиус-"),
        (50, 727, 10, "вектор, там и точка. The ﬁrst eﬀect is a diﬃcult one."),
    ]
    text = _flat(read_document("v.pdf", None, make_pdf([page])).text)
    assert "лежит радиус-вектор, там" in text
    assert "The first effect is a difficult one." in text


def test_a_pdf_named_txt_is_read_as_what_it_is(make_pdf: MakePdf) -> None:
    data = make_pdf([[(50, 740, 10, "Слова внутри документа, названного иначе.")]])
    assert read_document("notes.txt", "text/plain", data).format == "pdf"


def test_an_empty_user_password_is_no_obstacle(make_locked_pdf: Callable[..., bytes]) -> None:
    data = make_locked_pdf(user_password="", owner_password="owner")
    assert "Locked words" in read_document("open.pdf", None, data).text


def test_a_password_is_named(make_locked_pdf: Callable[..., bytes]) -> None:
    refusal = _refusal("shut.pdf", make_locked_pdf(user_password="test", owner_password="o"))
    assert (refusal.code, refusal.http_status) == ("material_encrypted", 422)
    assert "password" in refusal.message


def test_a_truncated_file_is_corrupt(make_pdf: MakePdf) -> None:
    data = make_pdf([_column(LEFT, 50)])
    assert _refusal("half.pdf", data[: len(data) // 3]).code == "material_corrupt"


def test_text_named_pdf_is_mislabelled() -> None:
    assert _refusal("fake.pdf", b"Just words.").code == "material_mislabelled"


def test_a_page_without_a_mark_is_empty(make_pdf: MakePdf) -> None:
    assert _refusal("blank.pdf", make_pdf([[]])).code == "material_empty"


def test_too_many_pages(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    refusal = _refusal("book.pdf", make_pdf([_column(LEFT, 50)] * 3))
    assert (refusal.code, refusal.http_status) == ("material_too_large", 413)


def test_the_clock_is_checked_between_pages(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_READING_S", -1.0)
    assert _refusal("slow.pdf", make_pdf([_column(LEFT, 50)])).code == "material_too_slow"


def _run(text: str, y: float = 100.0, size: float = 12.0) -> Fragment:
    return Fragment(text, 0.0, y, size, is_bold=False, is_monospace=False, is_upright=True)


@pytest.mark.parametrize(
    ("runs", "read"),
    [
        ([_run("E = mc"), _run("2", 104.3, 9), _run(" holds")], "E = mc² holds"),
        (
            [_run("с"), _run(" −1", 104.3, 9), _run(" и "), _run("v"), _run("12", 98, 9)],
            "с⁻¹ и v₁₂",
        ),
        ([_run("(a+b)"), _run("2", 104.3, 9), _run("c"), _run("2", 104.3, 9)], "(a+b)²c²"),
        # A fraction, a letter raised, a number after a space, small print on the line itself.
        ([_run("x"), _run("1", 104.3, 9), _run("2", 97, 9)], "x12"),
        ([_run("x"), _run("n", 104.3, 9)], "xn"),
        ([_run("page "), _run("2", 104.3, 9)], "page 2"),
        ([_run("HTTP"), _run("2", 100, 9)], "HTTP2"),
    ],
)
def test_exponents_and_indices_are_told_from_numbers(runs: list[Fragment], read: str) -> None:
    assert [line.text for line in group_lines(runs)] == [read]
