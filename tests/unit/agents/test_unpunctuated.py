"""Speech without punctuation: where the model ends sentences, and what is no whole one."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from backend.agents.synopsis_manager.blocks import blocks_of
from backend.agents.synopsis_manager.units import units_of
from backend.agents.text.boundaries import LONGEST_WORDS, sentence_ends, weights_of
from backend.agents.text.halves import is_half, is_unmarked
from backend.agents.text.language import Language
from backend.agents.text.sentences import marked_spans
from backend.domain.session_memory import Material
from tests.paths import ROOT

_EN = "i like this course it is very clear thank you for coming today we will talk about memory"
_RU = "этот вектор содержит числа мы увидим что он используется дальше давайте разберемся как это"


@pytest.mark.parametrize(("said", "language"), [(_EN, "en"), (_RU, "ru")])
def test_the_last_word_ends_a_sentence_and_ends_go_up(said: str, language: Language) -> None:
    words = said.split()
    ends = sentence_ends(words, language)

    assert ends[-1] == len(words) - 1
    assert ends == sorted(set(ends))
    assert len(ends) > 1


@pytest.mark.parametrize(
    ("sample", "language", "least"), [("lecture_en.md", "en", 0.2), ("lecture_ru.txt", "ru", 0.4)]
)
def test_ends_are_found_in_a_lecture_without_its_marks(
    sample: str, language: Language, least: float
) -> None:
    """On texts that the weights weren't fitted on: the English one is written, not spoken."""
    text = (ROOT / "tests" / "samples" / sample).read_text(encoding="utf-8")
    words: list[str] = []
    true = set()
    for block in blocks_of(text):
        if block.kind in ("heading", "code"):
            continue
        for start, end in marked_spans(text[block.start : block.end]):
            words += re.findall(
                r"[^\W_]+(?:['’]\w+)*", text[block.start : block.end][start:end].lower()
            )
            true.add(len(words) - 1)
    found = set(sentence_ends(words, language))

    assert 2 * len(found & true) / (len(found) + len(true)) > least


def test_a_long_transcript_tells_how_far_it_is_while_it_is_divided() -> None:
    text = f"{_EN} " * 4_000
    told: list[int] = []
    units = units_of(Material("m", "t", text), report=told.append)

    assert len(told) >= len(text) // 100_000 - 1
    assert told == sorted(set(told))
    assert [(a.end, b.start) for a, b in pairwise(units) if b.start - a.end != 1] == []


def test_no_words_have_no_ends() -> None:
    assert sentence_ends([], "en") == []


def test_capitals_and_apostrophes_make_no_difference() -> None:
    words = _EN.split()
    shouted = [word.upper() for word in words]

    assert sentence_ends(shouted, "en") == sentence_ends(words, "en")
    assert sentence_ends(["don’t", "go", "i", "said"], "en") == sentence_ends(
        ["don't", "go", "i", "said"], "en"
    )


@pytest.mark.parametrize("language", ["en", "ru"])
def test_any_words_are_cut_into_pieces_of_readable_length(language: Language) -> None:
    known = [name[1:] for name in weights_of(language).features if " " not in name]
    words = random.Random(5).choices(known, k=2_000)
    ends = sentence_ends(words, language)
    lengths = [end - before for before, end in zip([-1, *ends], ends, strict=False)]

    assert sum(lengths) == len(words)
    assert max(lengths) <= 2 * LONGEST_WORDS


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_weight_belongs_to_a_kind_of_feature(language: Language) -> None:
    weights = weights_of(language)

    assert {name[0] for name in weights.features} == set("abcdefghijklmnop")
    assert len(weights.lengths) == LONGEST_WORDS + 1


@pytest.mark.parametrize(
    "said",
    [
        "When I was an 18 year old.",
        "That I've rudely interrupted.",
        "Have been stagnant for years in terms of radiologists.",
        "We talked about the workflow and the.",
        "We solved it and I.",
        "It works well okay thank you for telling us.",
        "You use this system how do you integrate with it.",
        "Которые часто не имеют общих весов.",
        "Если вы хотите лучше понять.",
        "We " + "really " * 30 + "like it.",
        "If I can pick two elements that I love and we use often.",
        "Теперь когда мы увидели ошибки.",
        "I taking maybe only fifty.",
        "All those small things.",
        "I think at this point.",
        "This is where my co host chris.",
        "I hate to cause call it viral at the moment.",
        "You're basically using networking stacks to integrate as best.",
        "Это означает что из последовательности из трех слов.",
        "В мире программ с открытыми исходниками.",
    ],
)
def test_halves_and_run_ons_are_told(said: str) -> None:
    assert is_half(said)


@pytest.mark.parametrize(
    "said",
    [
        "If you have the components you can assemble them.",
        "We created a whole ai infrastructure team.",
        "I think that was the versatility behind what works.",
        "When you call it we are done.",
        "Обратите внимание что первое слово стоит здесь.",
        "Кодер выдает ровно одну последовательность чисел.",
        "Если вы хотите это понять мы рекомендуем видео.",
    ],
)
def test_whole_sentences_stay(said: str) -> None:
    assert not is_half(said)


def test_a_transcript_without_commas_is_unmarked() -> None:
    assert is_unmarked(["we use this tool every day and it works"] * 20)
    assert not is_unmarked(["First, we use it, every day, and it works."] * 20)
    assert not is_unmarked(["too short to tell"])
