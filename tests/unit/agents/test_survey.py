"""Questions made of sentences, topics by headings, and what builds on what."""

from __future__ import annotations

import pytest

from backend.agents.skills import OfflineRequest
from backend.agents.survey.drafts import PartSurvey
from backend.agents.survey.grouping import group, title_of, words_of
from backend.agents.survey.offline import survey_part
from backend.agents.survey.terms import subject_of
from backend.agents.survey.topics import Topic, topics_of
from backend.agents.synopsis_manager.page import show
from backend.agents.synopsis_manager.parts import split
from backend.domain.session_memory import Material


def survey(text: str) -> PartSurvey:
    (part,) = split([Material("m", "Text", text)], None)
    return survey_part(OfflineRequest(show({"Title": "Text", "Kind": "text"}, part.units)))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Аренда — это право выполнять задачу ограниченное время.", "Что такое аренда?"),
        (
            "Отправка письма требует осторожности, потому что получатель увидит два письма.",
            "Почему отправка письма требует осторожности?",
        ),
        (
            "Воркер регулярно продлевает аренду задачи, чтобы другие её не забрали.",
            "Зачем воркер регулярно продлевает аренду задачи?",
        ),
        (
            "The broker keeps jobs in memory because memory answers quickly.",
            "Why is it that the broker keeps jobs in memory?",
        ),
        (
            "There are four delivery promises:\n\n- at most once\n- at least once\n- exactly once",
            "Complete the list: “There are four delivery promises…”",
        ),
        (
            "How does a lease protect a running job? A lease protects a job by its deadline.",
            "How does a lease protect a running job?",
        ),
    ],
)
def test_a_sentence_becomes_a_question(text: str, question: str) -> None:
    assert [one.question for one in survey(text).questions] == [question]


@pytest.mark.parametrize(
    "text",
    [
        "Он требует осторожности в работе, потому что получатель увидит два письма.",
        "Многие языки программирования не требуют от людей, чтобы они думали о куче.",
        "Хранится в каталоге операционной системы, чтобы упростить поиск файла.",
        "It is kept in the memory of the machine because memory answers quickly.",
        "In this chapter the broker keeps jobs in memory because memory answers quickly.",
    ],
)
def test_what_leans_on_another_sentence_is_not_asked_about(text: str) -> None:
    assert survey(text).questions == []


def topic(title: str, level: int, words: int, material: str = "m") -> Topic:
    (part,) = split(
        [Material(material, title, " ".join(f"w{n}" for n in range(words)) + ".")], None
    )
    (found,) = topics_of([part], [PartSurvey(topics=[])])
    return Topic(title=title, level=level, units=found.units)


def test_topics_are_grouped_by_the_heading_above_them() -> None:
    topics = [
        topic("Basics", 1, 100),
        topic("Queues", 2, 300),
        topic("Workers", 2, 300),
        topic("Advanced", 1, 100),
        topic("Leases", 2, 300),
    ]
    two = group(topics, 2)

    assert [title_of(found) for found in two] == ["Basics", "Advanced"]
    assert sum(words_of(found) for found in two) == sum(one.words for one in topics)


def test_small_neighbours_go_together_and_materials_stay_apart() -> None:
    topics = [topic(f"T{n}", 2, 100 + n, material="a") for n in range(6)] + [
        topic("B", 2, 30, material="b")
    ]
    grouped = group(topics, 3)

    assert len(grouped) == 3
    assert [found[0].material_id for found in grouped] == ["a", "a", "b"]


def test_every_unit_is_in_one_topic_whatever_the_model_says() -> None:
    (part,) = split([Material("m", "T", "One is here. Two is here. Three is here.")], None)
    odd = PartSurvey.model_validate(
        {
            "topics": [
                {"title": "Late", "first": 3, "last": 900},
                {"title": "Second", "first": 2, "last": 3},
                {"title": "Nowhere", "first": 70, "last": 80},
            ]
        }
    )
    topics = topics_of([part], [odd])

    assert [one.title for one in topics] == ["T", "Second", "Late"]
    assert [unit.number for one in topics for unit in one.units] == [1, 2, 3]


def test_references_at_the_end_are_no_topic() -> None:
    text = "# Borrowing\n\nA borrow ends early.\n\n# References\n\nSmith, 2001. A book.\n"
    (part,) = split([Material("m", "T", text)], None)

    assert [one.title for one in topics_of([part], [survey(text)])] == ["Borrowing"]


@pytest.mark.parametrize(
    ("aim", "subject"),
    [
        ("Explain “paging” in your own words", "paging"),
        ("Explain how paging works", "paging works"),
        ("Be able to compare and evaluate TCP and UDP", "TCP and UDP"),
        ("Объяснить, что такое процесс", "процесс"),
        ("Сравнить и оценить алгоритмы", "алгоритмы"),
        ("Paging", "Paging"),
        ("Understand", "Understand"),
    ],
)
def test_what_an_aim_is_about(aim: str, subject: str) -> None:
    assert subject_of(aim) == subject
