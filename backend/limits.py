"""Limits as an operator writes them: in settings, and for one user by `offstage users limits`.

    60/minute, 1000/day; synopsis_manager: 20/minute      rates
    8; synopsis_manager: 2                                 jobs at once
    200000                                                 tokens a day; 2.50 for dollars
    none                                                   no limit at all

What stands before the first `agent:` is for all agents together; `*:` is for each agent that isn't
named. An agent is named by its id, and the limit counts all its versions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

T = TypeVar("T")

NONE = "none"
EACH_AGENT = "*"
_AGENT = re.compile(r"[a-z][a-z0-9_]{0,63}|\*")
_RATE = re.compile(r"([0-9]{1,5}) ?/ ?([a-z]+)")
_PERIODS_S = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
# Redis keeps the time of each submit that still counts.
_MOST_IN_A_PERIOD = 10_000
_MOST_AT_ONCE = 100_000


@dataclass(frozen=True)
class Rate:
    """At most `count` in any stretch of time of this length."""

    count: int
    period: str

    @property
    def period_s(self) -> int:
        return _PERIODS_S[self.period]


@dataclass(frozen=True)
class Scoped(Generic[T]):
    """A limit for all agents together, and limits for single ones."""

    overall: T | None = None
    by_agent: Mapping[str, T] = field(default_factory=dict)

    def of(self, agent_id: str) -> T | None:
        """The limit of this agent alone."""
        return self.by_agent.get(agent_id, self.by_agent.get(EACH_AGENT))

    def agents_named(self) -> set[str]:
        return {*self.by_agent} - {EACH_AGENT}


@dataclass(frozen=True)
class LimitTexts:
    """The limits of one user as they were written; '' for what wasn't."""

    rates: str = ""
    concurrency: str = ""
    tokens_per_day: str = ""
    cost_per_day: str = ""

    def over(self, defaults: LimitTexts) -> LimitTexts:
        """These, and the defaults for what wasn't written."""
        return LimitTexts(
            **{name: mine or vars(defaults)[name] for name, mine in vars(self).items()}
        )


@dataclass(frozen=True)
class UserLimits:
    """What one user may use. None is no limit."""

    rates: Scoped[tuple[Rate, ...]] = field(default_factory=Scoped)
    concurrency: Scoped[int] = field(default_factory=Scoped)
    tokens_per_day: int | None = None
    cost_usd_per_day: Decimal | None = None

    @classmethod
    def parse(cls, texts: LimitTexts) -> UserLimits:
        """Raises ValueError, whose text says what is wrong and what to write."""
        return cls(
            parse_rates(texts.rates),
            parse_concurrency(texts.concurrency),
            parse_tokens(texts.tokens_per_day),
            parse_cost(texts.cost_per_day),
        )

    def agents_named(self) -> set[str]:
        return self.rates.agents_named() | self.concurrency.agents_named()


UNLIMITED = UserLimits()


def parse_rates(text: str) -> Scoped[tuple[Rate, ...]]:
    """`60/minute, 1000/day; some_agent: 5/hour`. Raises ValueError."""
    return _parse_scoped(text, _rates)


def parse_concurrency(text: str) -> Scoped[int]:
    """`8; some_agent: 2`. Raises ValueError."""
    return _parse_scoped(text, _at_once)


def parse_fleet_concurrency(text: str) -> Scoped[int]:
    """`some_agent: 8; *: 16`. Raises ValueError."""
    parsed = parse_concurrency(text)
    if parsed.overall is not None:
        raise ValueError("write it for an agent, such as 'synopsis_manager: 8', or '*: 8' for each")
    return parsed


def parse_tokens(text: str) -> int | None:
    """`200000`. Raises ValueError."""
    if not text or text == NONE:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise ValueError("write a number of tokens, such as 200000, or 'none'")
    return int(text)


def parse_cost(text: str) -> Decimal | None:
    """`2.50`. Raises ValueError."""
    if not text or text == NONE:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        raise ValueError("write US dollars, such as 2.50, or 'none'")
    return Decimal(text)


def _parse_scoped(text: str, parse_one: Callable[[str], T]) -> Scoped[T]:
    if not text.strip() or text.strip() == NONE:
        return Scoped()
    overall: T | None = None
    by_agent: dict[str, T] = {}
    for number, part in enumerate(text.split(";")):
        name, colon, limit = part.rpartition(":")
        agent_id = name.strip()
        if not colon:
            if number:
                raise ValueError(f"after a ';' comes an agent: write 'agent_id: {part.strip()}'")
            overall = parse_one(limit.strip())
        elif not _AGENT.fullmatch(agent_id):
            raise ValueError(f"{agent_id[:80]!r} isn't an agent's id (without version), nor '*'")
        elif agent_id in by_agent:
            raise ValueError(f"{agent_id!r} stands there twice")
        else:
            by_agent[agent_id] = parse_one(limit.strip())
    return Scoped(overall, by_agent)


def _rates(text: str) -> tuple[Rate, ...]:
    rates = tuple(_rate(each.strip()) for each in text.split(","))
    if len({rate.period for rate in rates}) < len(rates):
        raise ValueError(f"{text[:80]!r} has two rates for one period")
    return rates


def _rate(text: str) -> Rate:
    found = _RATE.fullmatch(text)
    if found is None or found[2] not in _PERIODS_S:
        periods = ", ".join(_PERIODS_S)
        raise ValueError(f"{text[:80]!r} isn't a rate: write 20/minute; the periods are {periods}")
    count = int(found[1])
    if not 1 <= count <= _MOST_IN_A_PERIOD:
        raise ValueError(f"{text!r}: a rate has 1 to {_MOST_IN_A_PERIOD} a period")
    return Rate(count, found[2])


def _at_once(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= _MOST_AT_ONCE:
        raise ValueError(
            f"{text[:80]!r} isn't a number of jobs at once: write 1 to {_MOST_AT_ONCE}, or 'none'"
        )
    return int(text)
