"""Which encoding a text is in, above all Russian and above all when it is short."""

from __future__ import annotations

import pytest

from backend.documents import read_document
from backend.documents.cleaning import without_lost
from backend.documents.encodings import decode_text

RUSSIAN = [
    "Привет, мир",
    "ПРОТОКОЛ СОБРАНИЯ",
    "Лекция 3. Процессы и потоки",
    "Это файл для test и API.",
    "Ёлки стоят у объезда — щит, эхо, цирк!",
]
SINGLE_BYTE = ["cp1251", "koi8-r", "cp866", "iso8859-5"]


@pytest.mark.parametrize("text", RUSSIAN)
@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_tells_the_cyrillic_codecs_apart_on_a_few_words(text: str, encoding: str) -> None:
    decoded = decode_text(text.encode(encoding, "ignore"))
    assert decoded is not None
    assert decoded.encoding == encoding
    assert decoded.text == text.encode(encoding, "ignore").decode(encoding)


@pytest.mark.parametrize("text", RUSSIAN)
@pytest.mark.parametrize(
    ("codec", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_reads_unicode_with_and_without_a_mark(text: str, codec: str, expected: str) -> None:
    decoded = decode_text(text.encode(codec))
    assert decoded is not None
    assert (decoded.encoding, decoded.text) == (expected, text)


def test_western_text_does_not_become_cyrillic() -> None:
    text = "Le café déjà vu, où l’élève a réussi"
    decoded = decode_text(text.encode("cp1252"))
    assert decoded is not None
    assert (decoded.encoding, decoded.text) == ("cp1252", text)


def test_a_character_cut_at_the_end_costs_only_itself() -> None:
    decoded = decode_text(("Память процесса. " * 20).encode()[:-3])
    assert decoded is not None
    assert decoded.encoding == "utf-8"
    assert decoded.lost == 1


def test_a_declared_encoding_wins_only_where_it_reads() -> None:
    text = "Процессы и потоки".encode("koi8-r")
    right, wrong = decode_text(text, "koi8-r"), decode_text(text, "windows-1251")
    assert right is not None
    assert wrong is not None
    assert right.encoding == wrong.encoding == "koi8-r"


def test_binary_data_is_not_text() -> None:
    assert decode_text(bytes(range(256)) * 20) is None


def test_utf16_without_a_mark_reads_through_the_front_door() -> None:
    document = read_document(
        "лекция.txt", None, "Планировщик выбирает процесс.".encode("utf-16-le")
    )
    assert (document.encoding, document.language) == ("utf-16-le", "ru")
    assert document.text == "Планировщик выбирает процесс."


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("freedom\ufffd\ufffds enemies", "freedom’s enemies"),
        ("don\ufffdt", "don’t"),
        ("liberty\ufffdXthough", "liberty — though"),
        ("\ufffd\ufffdThose who", "Those who"),
        ("nothing was lost", "nothing was lost"),
    ],
)
def test_what_an_earlier_program_lost_is_guessed_or_left_out(text: str, repaired: str) -> None:
    assert without_lost(text) == repaired
