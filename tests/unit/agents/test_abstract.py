"""Few words: the sentences that tell what the whole is about, and nothing that hangs in the air."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.agents.synopsis_manager.assembly import words_of
from backend.agents.synopsis_manager.extraction.abstract import abstract_of
from backend.agents.synopsis_manager.page import Line
from backend.domain.artifacts import Synopsis, TextItem
from backend.domain.events import FinalResult
from bench.eval_synopsis.bootstrap import paired
from bench.eval_synopsis.rouge import best_score, rouge_1, rouge_l, tokens
from tests.unit.agents.conftest import MakeContext

CHAPTERS = {
    "en": (
        "# Keeping bees\n\n"
        "It was raining when I first opened a hive, and my hat was too large. My neighbour laughed "
        "at it for a week. In this chapter we discuss:\n\n"
        "- how a colony is organised\n- what bees need in winter\n- when honey is taken\n\n"
        "## The colony\n\nA colony has one queen, who lays the eggs. Workers feed the brood, guard "
        "the hive and gather nectar. What do the drones do? They mate with young queens.\n\n"
        "## Winter\n\nIn winter the bees form a cluster and live on their honey. A colony needs "
        "fifteen kilograms of honey until spring, as figure 3 shows. It must stay dry.\n\n"
        "## Harvest\n\nHoney is taken when most of its cells are sealed. Only what the colony does "
        "not need for the winter is taken.\n",
        "You know how a colony is organised: the queen lays eggs, workers feed the brood and "
        "gather nectar. In winter the bees live on their honey, so only what the colony does not "
        "need is taken.",
    ),
    "ru": (
        "# Пчёлы\n\n"
        "Шёл дождь, когда я впервые открыл улей, и шляпа была мне велика. Сосед смеялся неделю. "
        "В этой главе мы обсудим:\n\n"
        "- как устроена пчелиная семья\n- что нужно пчёлам зимой\n- когда берут мёд\n\n"
        "## Семья\n\nВ семье одна матка, она откладывает яйца. Рабочие пчёлы кормят расплод, "
        "охраняют улей и собирают нектар. Что делают трутни? Они спариваются с молодыми матками."
        "\n\n"
        "## Зима\n\nЗимой пчёлы собираются в клуб и живут за счёт мёда. До весны семье нужно "
        "пятнадцать килограммов мёда, как видно на рис. 3. Он должен быть сухим.\n\n"
        "## Мёд\n\nМёд берут, когда запечатано большинство ячеек. Берут только то, что семье не "
        "нужно зимой.\n",
        "Вы узнали, как устроена пчелиная семья: матка откладывает яйца, рабочие пчёлы кормят "
        "расплод и собирают нектар. Зимой пчёлы живут за счёт мёда, поэтому берут только то, что "
        "семье не нужно.",
    ),
}


async def notes_of(make_context: MakeContext, text: str, max_words: int) -> Synopsis:
    spec = get_agent("synopsis_manager", "v1")
    query = spec.parse_query({"max_words": max_words})
    events = [event async for event in run_agent_with_events(spec, make_context(text), query)]
    assert isinstance(events[-1], FinalResult)
    return Synopsis.model_validate(events[-1].output)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_an_abstract_tells_more_than_the_first_words(
    language: str, make_context: MakeContext
) -> None:
    source, reference = CHAPTERS[language]
    wanted = tokens(reference)
    notes = await notes_of(make_context, source, len(wanted))
    found = tokens("\n".join(words_of(item) for item in notes.items))[: len(wanted)]
    ours, lead = best_score(found, [wanted]), best_score(tokens(source)[: len(wanted)], [wanted])

    assert ours.rouge_1 > lead.rouge_1
    assert ours.rouge_l > lead.rouge_l


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_an_abstract_is_whole_sentences_with_their_sources(
    language: str, make_context: MakeContext
) -> None:
    source, _ = CHAPTERS[language]
    notes = await notes_of(make_context, source, 45)
    text = " ".join(words_of(item) for item in notes.items)

    assert all(isinstance(item, TextItem) for item in notes.items)
    assert all(item.grounded and item.sources for item in notes.items)
    assert notes.language == language
    assert len(f"{notes.title} {text}".split()) <= 45
    assert "?" not in text
    assert "figure" not in text
    assert "рис." not in text


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (
            "Bees have been kept in boxes for thousands of years by many peoples. However, their "
            "winter is still a riddle. In this paper, we present a scale for hives, which tells "
            "the beekeeper every evening how much honey the colony has left. It was tried.",
            "We present a scale for hives.",
        ),
        (
            "Пчёл держат в ульях уже много тысяч лет у самых разных народов. Однако зимовка "
            "остаётся загадкой. В этой статье описывается модель клуба пчёл, поэтому пасечник "
            "видит каждый вечер, сколько мёда осталось у семьи в такой долгий мороз. Её "
            "проверили.",
            "В этой статье описывается модель клуба пчёл.",
        ),
    ],
)
async def test_a_page_is_told_by_what_it_sets_out_to_do_as_briefly_as_must_be(
    page: str, told: str, make_context: MakeContext
) -> None:
    notes = await notes_of(make_context, page, 20)

    assert told in " ".join(words_of(item) for item in notes.items)
    assert all(item.grounded and item.sources for item in notes.items)


_FEATURES_OF_A_PAGE = """
from backend.agents.synopsis_manager.extraction.features import features_of, places_of
from backend.agents.synopsis_manager.page import Line
words = [f"{a}{b}" for a in "abcdefgh" for b in ("orn", "ell", "ist", "ump")]
lines = [Line(i, "text", " ".join(words[i : i + 9]), i) for i in range(24)]
print(features_of(places_of(lines), True))
"""


def test_the_same_page_has_the_same_features_in_every_process() -> None:
    seen = {
        subprocess.run(
            [sys.executable, "-c", _FEATURES_OF_A_PAGE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(seen) == 1
    assert "centrality" in seen.pop()


def test_the_authors_own_outline_is_taken_with_its_points() -> None:
    lines = [
        Line(1, "heading", "Bees", 1),
        Line(2, "text", "In this chapter we discuss the following things about bees:", 2),
        Line(3, "item", "how a colony is organised", 3),
        Line(4, "item", "what bees need in winter", 4),
        Line(5, "text", "Rain fell on the roof of the old house all day.", 5),
    ]
    picked = abstract_of(lines, 20, opens_material=True, is_conversation=False)

    assert [line.number for line in picked] == [2, 3, 4]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("Now we open the hive and look at the brood.", "Bees open a cell and look at the brood."),
        (
            "Теперь мы открываем улей и смотрим расплод.",
            "Пчёлы открывают ячейку и смотрят расплод.",
        ),
    ],
)
def test_of_a_long_text_what_only_goes_a_step_on_stays_out(step: str, told: str) -> None:
    asked = [Line(i, "text", "What do bees and their brood do in a hive?", i) for i in range(60)]
    lines = [*asked, Line(60, "text", step, 60), Line(61, "text", told, 61)]
    picked = abstract_of(lines, 10, opens_material=True, is_conversation=False)

    assert [line.text for line in picked] == [told]


def test_what_points_back_comes_with_what_it_points_to() -> None:
    lines = [
        Line(1, "text", "Workers feed the brood of the colony and gather its nectar.", 1),
        Line(2, "text", "They also guard the colony and its brood against every wasp.", 1),
    ]

    assert [
        line.number for line in abstract_of(lines, 12, opens_material=True, is_conversation=False)
    ] == [1]


def test_a_sentence_that_is_too_long_is_better_than_nothing() -> None:
    lines = [Line(1, "text", "One sentence about bees that is longer than was asked for.", 1)]

    assert abstract_of(lines, 5, opens_material=True, is_conversation=False) == lines


def test_the_measures() -> None:
    found, wanted = tokens("The cat sat on the mat."), tokens("the mat, the cat")

    assert rouge_1(found, wanted) == pytest.approx(2 * 4 / 10)
    assert rouge_l(found, wanted) == pytest.approx(2 * 2 / 10)


def test_a_difference_on_every_text_is_real() -> None:
    assert paired([0.3, 0.4, 0.5, 0.4], [0.2, 0.3, 0.3, 0.2]).is_real
    assert not paired([0.3, 0.1, 0.5, 0.1], [0.2, 0.3, 0.3, 0.2]).is_real
