"""Sentences, words and spoken language, Russian and English."""

from __future__ import annotations

import pytest

from backend.agents.text.language import detect_language
from backend.agents.text.ranking import centrality
from backend.agents.text.sentences import is_unpunctuated, sentence_spans
from backend.agents.text.speech import fluent, punctuated, without_stage_directions
from backend.agents.text.words import content_stems, numbers
from backend.domain.stemming import stem


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("See e.g. Knuth et al. 1999. It works.", ["See e.g. Knuth et al. 1999.", "It works."]),
        ("Ядро, т.е. основа (см. рис. 3). Дальше.", ["Ядро, т.е. основа (см. рис. 3).", "Дальше."]),
        (
            "Создано Л. Н. Толстым в 1999 г. в США. Да.",
            ["Создано Л. Н. Толстым в 1999 г. в США.", "Да."],
        ),
        ("Файлы и т. д. Затем сеть.", ["Файлы и т. д.", "Затем сеть."]),
        ("Version 1.2.3 of it... and more. End.", ["Version 1.2.3 of it... and more.", "End."]),
        ("«Да!» Он ушёл. **Важно.** Потом.", ["«Да!»", "Он ушёл.", "**Важно.**", "Потом."]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_speech_without_punctuation_is_cut_where_sentences_end() -> None:
    said = (
        "we built a tool that reads the images every morning and the doctor decides what to do "
        "with them there are a lot of hospitals that wait for hours before anybody looks at them "
        "i think that is the biggest problem we have today because people die while they wait "
        "the second problem is that nobody knows how many images there are in the system"
    )

    assert is_unpunctuated(said)
    assert sentences(said)[:2] == [
        "we built a tool that reads the images every morning and the doctor decides what to do "
        "with them",
        "there are a lot of hospitals that wait for hours before anybody looks at them",
    ]
    assert " ".join(sentences(said)) == said


def test_words_without_any_likely_end_are_cut_all_the_same() -> None:
    said = "слово " * 400
    pieces = sentences(said)

    assert max(len(piece.split()) for piece in pieces) <= 60
    assert " ".join(pieces) == said.strip()


def test_a_long_sentence_with_commas_is_left_whole() -> None:
    text = "It was the best of times, " * 20 + "it was the worst."

    assert len(sentences(text)) == 1


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Um I'm Sarah, um the the manager", "I'm Sarah the manager"),
        ("Okay, we we're here to som sometimes talk", "We're here to sometimes talk"),
        ("Yeah, it is, you know, good.", "It is, good."),
        ("Ну, э-э, это, так сказать, важно.", "Это, важно."),
        ("Это очень-очень важно, мм, да.", "Это очень-очень важно да."),
        ("A T_V_ remote", "A TV remote"),
        ("It is expe is expected to be th the trend", "It is expected to be the trend"),
        ("This d document makes it r look new", "This document makes it look new"),
        ("We have plan b and vitamin c", "We have plan b and vitamin c"),
        ("Hmm hmm hmm.", ""),
        (
            "Do you know what that is? That had had to go.",
            "Do you know what that is? That had had to go.",
        ),
    ],
)
def test_speech_becomes_fluent(said: str, written: str) -> None:
    assert fluent(said).strip(" .") == written.strip(" .")


@pytest.mark.parametrize(
    "mark", ["[laughter]", "\\[05:57\\]", "(00:12:33)", "[смех]", "(applause)"]
)
def test_stage_directions_go(mark: str) -> None:
    assert " ".join(without_stage_directions(f"So {mark} it is").split()) == "So it is"


def test_a_raw_transcript_gets_its_capitals() -> None:
    assert punctuated("so i think i'm right") == "I think I'm right."


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("so how do you scale that", "?"),
        ("what kind of models are you using", "?"),
        ("isn't it too slow", "?"),
        ("почему же следует использовать кодер", "?"),
        ("what we wanted is a tool", "."),
        ("how it works is a secret", "."),
        ("как мы видели это быстро", "."),
        ("when the model is trained we use it", "."),
    ],
)
def test_a_question_without_its_mark_gets_one(said: str, mark: str) -> None:
    assert punctuated(said).endswith(mark)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Владение памятью", "ru"),
        ("Ownership of memory", "en"),
        ("Метод Dataset.get_nearest_examples возвращает примеры", "ru"),
        ("", "en"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_stems_join_the_forms_of_a_word() -> None:
    assert stem("лекции") == stem("лекциями")
    assert stem("running") == stem("runs") == "run"
    assert content_stems("Это лекция о типах данных, а не the end.") == ["лекц", "тип", "дан"]


def test_numbers_are_compared_as_written_or_with_a_comma() -> None:
    assert numbers("31,3% in 1999, and 2.") == {"31.3", "1999", "2"}


def test_the_sentence_that_shares_most_is_central() -> None:
    scores = centrality([["a", "b", "c"], ["a", "b", "d"], ["a", "b", "c", "d"], ["z"], []])

    assert scores.index(max(scores)) == 2
    assert len(scores) == 5
    assert centrality([]) == []
