"""Fewer words for the same claim: what may go from a sentence, and what may not."""

from __future__ import annotations

import pytest

from backend.agents.synopsis_manager.extraction.filling import Form, fill
from backend.agents.synopsis_manager.extraction.shortening import shorter_forms
from backend.agents.synopsis_manager.grounding import objection_to
from backend.agents.text.claims import negated
from backend.agents.text.lead_ins import without_lead_in
from backend.agents.text.words import numbers, words

SHORTENED = {
    # A clause at the end that only adds something.
    "We propose a new kind of hive, which is converted into a box directly.": (
        "We propose a new kind of hive."
    ),
    "The cluster of bees turns slowly all winter, keeping its queen warm, thus saving honey.": (
        "The cluster of bees turns slowly all winter, keeping its queen warm."
    ),
    "Honey is stored in the upper box of the hive, making the harvest easy.": (
        "Honey is stored in the upper box of the hive."
    ),
    "Пчёлы собираются в клуб вокруг матки, поэтому им тепло даже в мороз.": (
        "Пчёлы собираются в клуб вокруг матки."
    ),
    "Улей ставят на подставку высотой с ладонь, что позволяет уберечь его от сырости.": (
        "Улей ставят на подставку высотой с ладонь."
    ),
    # Who says it, if it is shown and not only believed.
    "We show that bees of one colony share their food.": "Bees of one colony share their food.",
    "Обратите внимание, что пчёлы одной семьи делятся кормом друг с другом.": (
        "Пчёлы одной семьи делятся кормом друг с другом."
    ),
    "We believe that bees of one colony share their food.": None,
    # What is said of a thing that exists is true of it without what narrows it, too.
    "We present a simple hive for cold countries that keeps the brood dry.": (
        "We present a simple hive for cold countries."
    ),
    "Клуб является шаром из тысяч пчёл, которые греют друг друга и матку.": (
        "Клуб является шаром из тысяч пчёл."
    ),
    "Remove every comb of the upper box that the bees have left.": None,
    "Уберите из улья все старые соты, которые пчёлы оставили.": None,
    # Brackets: a gloss may go, a condition may not.
    "The pulse width modulation (PWM) of the fan follows the heat.": (
        "The pulse width modulation of the fan follows the heat."
    ),
    "Opening the hive harms the brood (outside the warm months).": None,
    # An aside in the middle goes alone.
    "Early plants, such as willow and hazel, are the first food of the year.": (
        "Early plants are the first food of the year."
    ),
    # Negations and numbers stay.
    "The hive stands in the garden all year, which does not hurt the bees.": None,
    "The hive stands in the garden all year, which saves 40 euros.": None,
    "Улей стоит в саду круглый год, поэтому пчёлы не мёрзнут.": None,
    # A list isn't a clause, and what comes first must be a main clause.
    "We release, describe, and analyze a large body of notes on bees.": None,
    "They all imply with some reason that bees can count.": None,
    "What is a hive for in the cold of winter?": None,
}


@pytest.mark.parametrize(("sentence", "shortest"), SHORTENED.items())
def test_what_can_go_and_what_stays(sentence: str, shortest: str | None) -> None:
    forms = shorter_forms(sentence)

    assert (forms[-1] if forms else None) == shortest


@pytest.mark.parametrize("sentence", SHORTENED)
def test_a_form_is_the_sentences_own_words_in_their_order(sentence: str) -> None:
    for form in shorter_forms(sentence):
        left = iter(word.lower() for word in words(sentence))
        assert all(word.lower() in left for word in words(form))
        assert negated(form) == negated(sentence)
        assert numbers(form) == numbers(sentence)
        assert objection_to(form, sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("In this paper, we study hives.", "We study hives."),
        ("However, bees sleep.", "Bees sleep."),
        ("To address this issue we feed them.", "We feed them."),
        ("Таким образом, пчёлы спят.", "Пчёлы спят."),
        ("In this paper hives are studied.", "In this paper hives are studied."),
        ("Recently, bees slept.", "Recently, bees slept."),
        ("Обычно пчёлы спят.", "Обычно пчёлы спят."),
    ],
)
def test_lead_ins_go_but_not_what_limits_the_claim(sentence: str, rest: str) -> None:
    assert without_lead_in(sentence) == rest


def form(place: int, worth: float, count: int, stems: str = "", leans_back: bool = False) -> Form:
    return Form((place,), f"{place}/{count}", worth, count, frozenset(stems.split()), leans_back)


def test_the_words_asked_for_are_used_best_not_spent_on_the_best_sentence_first() -> None:
    best_alone = form(0, 0.5, 8)
    together = [form(1, 0.45, 10), form(2, 0.45, 10)]

    assert fill([best_alone, *together], 20) == together


def test_one_form_of_a_place_is_taken_and_nothing_is_said_twice() -> None:
    long, short = form(0, 0.3, 14, "bee hive"), form(0, 0.4, 8, "bee hive")
    same, other = form(1, 0.35, 8, "bee hive"), form(2, 0.3, 8, "honey")

    assert fill([long, short, same, other], 16) == [short, other]


def test_what_is_wanted_is_there_if_it_fits_and_what_leans_back_needs_its_support() -> None:
    wanted, better = form(0, 0.2, 10), form(1, 0.6, 10, leans_back=True)

    assert fill([wanted, better], 10, [wanted]) == [wanted]
    assert fill([wanted, better], 20) == [wanted, better]
    assert fill([better], 20) == []
