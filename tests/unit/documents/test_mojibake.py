"""Garbled letters are put right when that is certain, refused when they are lost, else left."""

from __future__ import annotations

import pytest

from backend.documents import DocumentRefused, read_document
from backend.documents.mojibake import is_garbled, repair_mojibake

RUSSIAN = "Процесс — это программа в работе, и у него И есть «память»; Россия, Эхо."


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("cp1251", "utf-8"),
        ("latin-1", "utf-8"),
        ("koi8-r", "utf-8"),
        ("cp866", "utf-8"),
        ("cp1252", "cp1251"),
        ("koi8-r", "cp1251"),
        ("cp866", "cp1251"),
    ],
)
def test_undoes_one_wrong_reading(wrong: str, right: str) -> None:
    garbled = RUSSIAN.encode(right).decode(wrong, "replace")
    assert garbled != RUSSIAN
    assert repair_mojibake(garbled) == RUSSIAN


def test_undoes_two_wrong_readings() -> None:
    text = "Привет, это лекция о памяти"
    garbled = text.encode().decode("cp1251").encode().decode("cp1251", "replace")
    assert repair_mojibake(garbled) == text


def test_a_no_break_space_that_became_a_space_is_half_a_letter() -> None:
    garbled = "Россия и Рим".encode().decode("cp1251").replace("\u00a0", " ")
    assert repair_mojibake(garbled) == "Россия и Рим"


@pytest.mark.parametrize(
    "text",
    [
        "Українська мова є державною мовою в Україні",
        "Le café déjà vu où l’élève a réussi",
        "日本語の文章です。",
        "Ελληνικά γράμματα",
        "Žluťoučký kůň úpěl ďábelské ódy",
        "α = β² · √γ, см. рис. 3",
    ],
)
def test_leaves_healthy_text_alone(text: str) -> None:
    assert repair_mojibake(text) == text
    assert not is_garbled(text)


@pytest.mark.parametrize(
    "lost",
    [
        RUSSIAN.encode().decode("cp1252", "replace"),
        "???????? ? ??? ????????? ? ??????, ?????? ?????",
        "\ufffd\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd слово",
    ],
)
def test_lost_letters_are_refused(lost: str) -> None:
    with pytest.raises(DocumentRefused, match=r"notes\.txt") as refusal:
        read_document("notes.txt", "text/plain", lost.encode())
    assert refusal.value.code == "material_mojibake"


def test_a_repaired_file_says_so() -> None:
    garbled = RUSSIAN.encode().decode("cp1251", "replace").encode()
    document = read_document("notes.txt", None, garbled)
    assert (document.repaired, document.language, document.text) == (True, "ru", RUSSIAN)
