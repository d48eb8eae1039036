"""Sentences of speech that break off aren't taken into notes."""

from __future__ import annotations

import pytest

from backend.agents.text.speech import breaks_off


@pytest.mark.parametrize(
    "said",
    [
        "I think we should This is one of the modern remote controls.",
        "For the energy source we can use batteries or a kinetic Like with the pulse watch.",
        "It draws about four centimetres lower than.",
        "Because you've you're you drop it on the ground.",
        "The designers drop y your remote control.",
        "Мы возьмём батарейку или Это ведь часы.",
        "I have the mo mi I have a blinking light on my phone.",
        "You sl you let it slide in the docking station.",
        "Then we use must use the second most expensive chip.",
        "Мы взяли вот эту мы взяли батарейку.",
    ],
)
def test_what_begins_anew_or_stops_short_is_known(said: str) -> None:
    assert breaks_off(said)


@pytest.mark.parametrize(
    "said",
    [
        "The display requires an advanced chip.",
        "In Rust The Book is read by everyone, and I like it.",
        "That is what the team agreed on.",
        "Plan b costs twelve Euro.",
        "The tv is 40 cm wide, and the pc starts in 20 ms.",
        "I think that they think twice before they sell it.",
        "You get a read closer when you get one of these.",
        "We came, we saw, we won, and they'll see what we’ll do.",
        "Мы взяли батарейку, а они взяли часы.",
        "Мы решили взять батарейку.",
    ],
)
def test_whole_sentences_are_left_alone(said: str) -> None:
    assert not breaks_off(said)


@pytest.mark.parametrize(
    "said",
    [
        "Files on most systems are pretty — the concept of a file goes deep.",
        "I don't have any need for it to change, or — like, yes, it's been improved.",
        "All of the resources that the in the application get reclaimed.",
        "We looked at the – and then it stopped.",
        "The trend is spong spongy and fruit.",
        "Main point still is the technolo technological chip.",
        "Features not do not exist in current controls.",
        "We just skip the voca or was it the speech recognition.",
    ],
)
def test_what_is_given_up_at_a_dash_or_lost_after_an_article_is_known(said: str) -> None:
    assert breaks_off(said)


@pytest.mark.parametrize(
    "said",
    [
        "An AI model is no different — it's just a function in code.",
        "The in-house team wrote it.",
        "Then the theme is set for forms and tables.",
        "Память — это ресурс, а не — как думают — подарок.",
        "There are two kinds of locks — shared and exclusive.",
    ],
)
def test_a_dash_that_joins_two_thoughts_breaks_nothing_off(said: str) -> None:
    assert not breaks_off(said)
