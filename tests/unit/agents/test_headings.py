"""Headings that nobody wrote: they name things, in their dictionary form."""

from __future__ import annotations

from collections import Counter

import pytest

from backend.agents.synopsis_manager.extraction.headings import heading_of
from backend.agents.synopsis_manager.extraction.nominative import (
    agrees,
    nominative,
    tells_nominative,
)
from backend.agents.synopsis_manager.page import Line


def lines(*texts: str) -> list[Line]:
    return [Line(number, "text", text, paragraph=1) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("forms", "shown"),
    [
        ({"текста": 4, "тексте": 1, "текстов": 2}, "текст"),
        ({"текст": 2, "текста": 4}, "текст"),
        ({"обучения": 5, "обучении": 2}, "обучение"),
        ({"энергии": 3, "энергию": 1}, "энергия"),
        ({"задачи": 3, "задача": 3, "задач": 1}, "задача"),
        ({"слов": 6, "слова": 4, "слово": 2}, "слово"),
        ({"модель": 3, "модели": 9}, "модель"),
        ({"точности": 2}, "точность"),
        ({"ноги": 4, "ногами": 1, "ногам": 1}, "ноги"),
        ({"страниц": 9, "страницы": 12, "страницу": 4, "страница": 2, "страницей": 1}, "страница"),
        ({"компании": 3, "компанию": 2, "компанией": 1}, "компания"),
        ({"времени": 3, "временем": 1}, "время"),
        ({"Бэкона": 4, "Бэкон": 3, "Бэконом": 1}, "Бэкон"),
        ({"пищи": 4, "пищу": 2}, "пища"),
        ({"множества": 3, "множеству": 1}, "множество"),
    ],
)
def test_a_noun_is_shown_in_its_dictionary_form(forms: dict[str, int], shown: str) -> None:
    assert nominative(Counter(forms)) == shown


@pytest.mark.parametrize(
    ("adjective", "noun", "expected"),
    [
        ("углеродный", "след", True),
        ("машинное", "обучение", True),
        ("машинного", "обучения", False),
        ("нейронная", "сеть", True),
        ("нейронной", "сети", False),
    ],
)
def test_a_pair_of_words_agrees_or_not(adjective: str, noun: str, expected: bool) -> None:
    assert agrees(adjective, noun) is expected


def test_a_question_that_is_answered_heads_the_answer() -> None:
    said = lines(
        "Что такое трансферное обучение?",
        "Трансферное обучение переносит знания модели.",
        "При трансферном обучении модель дообучают на новых данных.",
    )

    assert heading_of(said, Counter(), 1) == ("Что такое трансферное обучение?", [1])


def test_questions_to_somebody_head_nothing() -> None:
    said = lines(
        "How is your battery today?",
        "A kinetic battery lasts longer.",
        "The kinetic battery is charged by the hand.",
    )
    heading, cites = heading_of(said, Counter(), 1)

    assert heading == "Kinetic battery"
    assert cites == [2]


def test_terms_stand_in_the_nominative() -> None:
    said = lines(
        "Углеродный след зависит от источника.",
        "Чтобы снизить углеродный след, берут готовую модель.",
        "След считают по часам работы.",
    )

    assert heading_of(said, Counter(), 1)[0] == "Углеродный след"


def test_two_single_words_make_no_heading() -> None:
    said = lines(
        "Кодер читает текст и строит вектор.",
        "Кодер видит все слова, и слова получают числа.",
        "Так кодер читает слова.",
    )

    heading, _ = heading_of(said, Counter(), 1)
    assert heading in ("Кодер", "Слова")
    assert heading_of(said, Counter(), 1, used=("Кодер", "Слова"))[0] not in ("Кодер", "Слова")


def test_a_heading_isnt_used_twice() -> None:
    said = lines("The kinetic battery and the scroll wheel.", "A kinetic battery, a scroll wheel.")
    first, _ = heading_of(said, Counter(), 1)
    second, _ = heading_of(said, Counter(), 1, used={first.partition(",")[0]})

    assert second != first


@pytest.mark.parametrize(
    "forms",
    [
        {"людях": 3, "людей": 2},
        {"похоти": 4},
        {"страниц": 3},
        {"узла": 3, "узлам": 2, "узлов": 2},
        {"ошибок": 4},
        {"виртуальной": 7, "виртуальном": 1},
    ],
)
def test_a_noun_whose_nominative_isnt_told_heads_nothing(forms: dict[str, int]) -> None:
    assert not tells_nominative(Counter(forms))


def test_a_noun_takes_the_one_it_belongs_to_along() -> None:
    said = lines(
        "Для обучения модели нужны данные.",
        "Стоимость обучения модели растёт, и обучению нужен ускоритель.",
    )

    assert heading_of(said, Counter(), 1)[0] == "Обучение модели"


def test_a_heading_names_what_stands_under_it() -> None:
    said = lines(
        "The battery, that battery and every battery of a phone.",
        "A lever is turned, the lever is pressed, each lever is cheap.",
        "The camera of a phone, the camera of a car.",
    )
    under = {
        place: heading_of(said, Counter(), 1, shown=said[place : place + 1]) for place in (0, 1)
    }

    assert [heading for heading, _ in under.values()] == ["Battery", "Lever"]
    assert [cites for _, cites in under.values()] == [[1], [2]]


def test_a_word_said_in_passing_heads_no_notes() -> None:
    said = lines("The zoom is off.", "A zoom of the camera.", "We listen to records.")

    assert heading_of(said, Counter(), 1, shown=said[:1]) == ("", [])


def test_a_verb_is_no_heading() -> None:
    said = lines("It sleeps, then wakes.", "What sleeps isn't billed.", "So it sleeps.")

    assert heading_of(said, Counter(), 1, shown=said)[0] == ""


def test_a_general_word_gives_way_to_a_pair_and_heads_nothing_alone() -> None:
    said = lines(
        "The files are open, and the files of a race detector stay open.",
        "Each file is closed by the race detector.",
        "A file costs little.",
    )

    assert heading_of(said, Counter(), 1)[0] == "Race detector"
    assert heading_of(said, Counter(), 1, used=("Race detector",)) == ("", [])


@pytest.mark.parametrize(
    "said",
    [
        "The display requires a chip. The display requires the light.",
        "Seventeen pounds are much. We pay seventeen pounds.",
        "It is a hard problem. The hard problem stays.",
    ],
)
def test_a_verb_a_number_and_a_judgement_make_no_pair(said: str) -> None:
    assert heading_of(lines(said), Counter(), 1) == ("", [])


def test_a_question_what_about_something_heads_nothing() -> None:
    said = lines("What about those kinetic batteries?", "A kinetic battery, the kinetic battery.")

    assert heading_of(said, Counter(), 1)[0] == "Kinetic battery"
