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
        "Мы решили взять батарейку.",
    ],
)
def test_whole_sentences_are_left_alone(said: str) -> None:
    assert not breaks_off(said)
