"""What plans, reports and questions may quote of speech, and how they name its subjects."""

from __future__ import annotations

from collections import Counter

import pytest

from backend.agents.session_analyst.questions import choices
from backend.agents.source_finder.terms import unexplained_terms
from backend.agents.survey.drafts import PartSurvey, TopicDraft
from backend.agents.survey.telling import tells_something
from backend.agents.survey.topics import Topic, topics_of
from backend.agents.synopsis_manager.extraction.headings import heading_of
from backend.agents.synopsis_manager.extraction.nominative import nominative_pair
from backend.agents.synopsis_manager.page import Line
from backend.agents.synopsis_manager.parts import split
from backend.agents.synopsis_manager.units import units_of
from backend.agents.text.cues import is_chatter
from backend.domain.session_memory import Material


@pytest.mark.parametrize(
    "said",
    [
        "Jon Calhoun, always a pleasure.",
        "I watched the old remote controls on the news.",
        "Я инженер по машинному обучению в этой компании.",
        "What is it used for in neural networks, that's the question.",
        "With that convolutional neural network that we talked about.",
        "You can join our Slack channel at the address below.",
        "There's no shortage of unsolved problems of neural networks...",
        "Files on most systems are pretty — the concept goes deep.",
        "'Cause the remote control needs another battery.",
        "Personal heater under your desk, that's right.",
    ],
)
def test_asides_halves_and_the_speakers_own_story_tell_nothing(said: str) -> None:
    assert not tells_something(said)


@pytest.mark.parametrize(
    "said",
    [
        "Signal handling is notoriously difficult, because a handler can run at any time.",
        "Кодер выдает ровно одну последовательность чисел на каждое входное слово.",
    ],
)
def test_what_speaks_of_the_subject_tells_something(said: str) -> None:
    assert tells_something(said)


@pytest.mark.parametrize(
    ("first", "second", "forms", "shown"),
    [
        ("машинном", "обучении", {"обучении": 2, "обучение": 3}, "машинное обучение"),
        ("обученных", "моделей", {"моделей": 2, "модель": 3}, "обученная модель"),
        ("углеродного", "следа", {"следа": 2, "след": 3}, "углеродный след"),
        ("грязные", "страницы", {"страницы": 2, "страниц": 3}, "грязные страницы"),
        (
            "операционной",
            "системы",
            {"системы": 5, "систему": 2, "системой": 1},
            "операционная система",
        ),
        ("оперативной", "памяти", {"памяти": 3, "памятью": 1}, "оперативная память"),
        ("времени", "посылки", {"времени": 4, "время": 1}, "время посылки"),
        ("виртуальных", "машин", {"машин": 3}, None),
        ("вычислительного", "узла", {"узла": 3, "узлы": 1}, None),
        ("изучая", "архитектуру", {"архитектуру": 3, "архитектура": 2, "архитектурой": 1}, None),
    ],
)
def test_a_pair_is_named_in_the_nominative_or_not_at_all(
    first: str, second: str, forms: dict[str, int], shown: str | None
) -> None:
    assert nominative_pair(first, second, Counter(forms)) == shown


def test_a_gap_is_named_in_the_nominative_and_what_all_know_is_none() -> None:
    said = (
        "В машинном обучении помогает AI. Для машинного обучения нужен AI. Машинное обучение и AI. "
    )
    terms = [term.text for term in unexplained_terms(units_of(Material("m", "t", said * 2)))]

    assert terms == ["машинное обучение"]


def test_a_term_whose_nominative_the_text_has_is_shown_in_it_and_else_left_out() -> None:
    said = (
        "Память виртуальных машин мала. Для виртуальных машин нужен XVII узел. Виртуальная машина "
        "ждёт вычислительного узла. Нет вычислительного узла. XVII век, и у вычислительного узла "
        "виртуальных машин нет. Кодер принимает. Кодер принимает. Кодер принимает."
    )
    terms = [term.text for term in unexplained_terms(units_of(Material("m", "t", said)))]

    assert terms == ["виртуальная машина"]


@pytest.mark.parametrize(
    ("said", "banned"),
    [
        ("The bigger one. The bigger, a bigger and the bigger.", "Bigger"),
        ("It works fine. It works fine and works fine.", "Works fine"),
        ("It sleeps. With sleeps it sleeps, then it sleeps.", "Sleeps"),
    ],
)
def test_adjectives_and_verbs_head_nothing(said: str, banned: str) -> None:
    lines = [Line(1, "text", said, 0), Line(2, "text", said.replace("With ", "So "), 0)]

    assert heading_of(lines, Counter(), 1)[0] != banned


def test_a_word_of_every_stretch_heads_one_only_if_nothing_else_does() -> None:
    said = "The system runs. The system stops. A system with the shared memory, the shared memory."
    lines = [Line(1, "text", said, 0), Line(2, "text", "The system and this system.", 0)]
    everywhere = Counter({"system": 3})

    assert heading_of(lines, everywhere, 3)[0] == "Shared memory"


def test_topics_of_one_title_are_told_apart_or_go_on() -> None:
    text = "The remote control is black. " * 8 + "The docking station is a docking station. " * 8
    part = split([Material("m", "t", text)], None)[0]
    first, middle, last = (part.units[index].number for index in (0, 8, 12))
    drafts = [
        TopicDraft(
            title="Remote control", first=first, last=middle - 1, level=2, gist="", cites=[]
        ),
        TopicDraft(
            title="Remote controls", first=middle, last=last - 1, level=2, gist="", cites=[]
        ),
        TopicDraft(title="Docking station", first=last, last=last + 3, level=2, gist="", cites=[]),
    ]
    topics = topics_of([part], [PartSurvey(topics=drafts)])

    assert [topic.title for topic in topics] == ["Remote control", "Docking station"]
    assert sum(len(topic.units) for topic in topics) == len(part.units)


@pytest.mark.parametrize(
    ("said", "is_rest"),
    [
        ("В этой серии.", True),
        ("In this episode.", True),
        ("Итак, в следующей лекции…", True),
        ("Файл: src/main.rs", True),
        ("В этой серии мы попытаемся понять трансформер.", False),
        ("In this model threads share memory.", False),
    ],
)
def test_an_opening_without_its_sentence_is_none_of_the_materials_own(
    said: str, is_rest: bool
) -> None:
    assert is_chatter(said) is is_rest


@pytest.mark.parametrize(
    "said",
    [
        "Во-вторых, мы глубже погрузимся в наши библиотеки и научим вас решать задачи.",
        "We've got half an hour before the next meeting, so we're all gonna go off.",
    ],
)
def test_what_speaks_of_the_lesson_or_its_listeners_tells_nothing_of_the_subject(said: str) -> None:
    assert not tells_something(said)


def test_no_adjective_no_code_and_no_word_of_any_sentence_is_left_out() -> None:
    text = (
        "В XVIII веке гостевые узлы вызывают thread::sleep через сервер. "
        "Гостевые узлы и thread::sleep были в этом веке, и гостевые узлы ждут веками. "
    )
    units = tuple(units_of(Material("m", "t", text * 2)))
    asked = choices([[Topic(title="Узлы", level=1, units=units)]], "ru")

    blanks = {choice.question.answer.partition(".")[0].lower() for choice in asked}
    assert blanks == {"узлы"}
