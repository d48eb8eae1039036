"""Limits as operators write them: what is read, and what a wrong one is answered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from pydantic import ValidationError

from backend.limits import (
    LimitTexts,
    Rate,
    UserLimits,
    parse_concurrency,
    parse_cost,
    parse_fleet_concurrency,
    parse_rates,
    parse_tokens,
)
from backend.settings import Settings


def test_rates_of_all_agents_together_and_of_single_ones() -> None:
    rates = parse_rates(" 60/minute, 1000 / day; synopsis_manager: 20/minute;*:5/hour ")
    assert rates.overall == (Rate(60, "minute"), Rate(1000, "day"))
    assert rates.of("synopsis_manager") == (Rate(20, "minute"),)
    assert rates.of("smoke") == (Rate(5, "hour"),)
    assert rates.agents_named() == {"synopsis_manager"}
    assert Rate(1, "day").period_s == 86_400


def test_an_agent_alone_leaves_the_others_free() -> None:
    rates = parse_rates("smoke: 1/second")
    assert (rates.overall, rates.of("synopsis_manager")) == (None, None)


@pytest.mark.parametrize("text", ["", "  ", "none"])
def test_nothing_and_none_are_no_limit(text: str) -> None:
    assert UserLimits.parse(LimitTexts(text, text, text.strip(), text.strip())) == UserLimits()


def test_jobs_at_once() -> None:
    at_once = parse_concurrency("8; smoke: 2")
    assert (at_once.overall, at_once.of("smoke"), at_once.of("other")) == (8, 2, None)
    assert parse_fleet_concurrency("smoke: 2; *: 9").of("other") == 9


def test_a_day_s_budget() -> None:
    assert (parse_tokens("200000"), parse_cost("2.50")) == (200_000, Decimal("2.50"))
    assert parse_tokens("0") == 0


@pytest.mark.parametrize(
    ("parse", "text", "says"),
    [
        (parse_rates, "60", "write 20/minute"),
        (parse_rates, "60/fortnight", "the periods are second, minute, hour, day"),
        (parse_rates, "0/minute", "1 to 10000"),
        (parse_rates, "10001/day", "1 to 10000"),
        (parse_rates, "-1/minute", "isn't a rate"),
        (parse_rates, "60/minute, 61/minute", "two rates for one period"),
        (parse_rates, "60/minute;", "after a ';' comes an agent"),
        (parse_rates, "60/minute; 3/hour", "after a ';' comes an agent"),
        (parse_rates, "smoke@v1: 3/hour", "without version"),
        (parse_rates, "Smoke: 3/hour", "isn't an agent's id"),
        (parse_rates, "smoke: 3/hour; smoke: 4/hour", "stands there twice"),
        (parse_concurrency, "many", "number of jobs at once"),
        (parse_concurrency, "0", "1 to 100000"),
        (parse_concurrency, "٣", "number of jobs at once"),
        (parse_fleet_concurrency, "8", "for an agent"),
        (parse_tokens, "1e6", "number of tokens"),
        (parse_tokens, "-1", "number of tokens"),
        (parse_cost, "$2", "US dollars"),
        (parse_cost, "nan", "US dollars"),
    ],
)
def test_what_can_t_be_read_is_told(parse: Callable[[str], object], text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(text)


def test_a_setting_that_can_t_be_read_names_itself() -> None:
    with pytest.raises(ValidationError, match=r"agent_rate_limits\n.*isn't a rate"):
        Settings(_env_file=None, agent_rate_limits="often")


def test_what_is_set_for_a_user_comes_before_the_settings() -> None:
    defaults = LimitTexts(rates="5/minute", concurrency="8")
    own = LimitTexts(rates="none", tokens_per_day="100").over(defaults)
    assert own == LimitTexts("none", "8", "100", "")


@pytest.mark.parametrize(("mode", "at_once"), [("local", None), ("token", 8), ("jwt", 8)])
def test_one_user_alone_has_no_cap_and_many_have(mode: str, at_once: int | None) -> None:
    settings = Settings(_env_file=None, auth_mode=mode)
    assert UserLimits.parse(settings.user_limits()).concurrency.overall == at_once
    lifted = Settings(_env_file=None, auth_mode=mode, agent_user_concurrency="none")
    assert UserLimits.parse(lifted.user_limits()).concurrency.overall is None
