"""A user's limits as `scripts/submit.lua` holds a job against them, and what it answers of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backend.agents.registry import all_agents
from backend.errors import BudgetExceeded, Misconfigured, RateLimited, RateState, TooManyAtOnce
from backend.limits import Rate, Scoped, UserLimits, parse_fleet_concurrency
from backend.settings import Settings
from backend.worker import keys
from backend.worker.allowance import in_micros

# What a rate counts: the key in Redis, a name for people, and the rates themselves.
Scope = tuple[str, str, tuple[Rate, ...]]
_A_RUN_MAY_HAVE_ENDED_S = 5
# A rate's name, count and period in seconds.
Policy = tuple[str, int, int]


@dataclass(frozen=True)
class Terms:
    """The limits that a job of `agent_id` by `user_id` comes under, worked out once.

    Whose the limits are is the user's id alone, and an agent counts with all its versions, so that
    nothing else in a request makes a difference.
    """

    user_id: str
    agent_id: str
    limits: UserLimits
    fleet: Scoped[int]

    @cached_property
    def as_json(self) -> str:
        """For submit.lua; '' if there are none."""
        scopes = rates_for_script(self.scopes)
        caps, budget = self.caps(), self.budget()
        if not (scopes or caps or budget):
            return ""
        terms = {"rates": scopes, "caps": caps, "budget": budget}
        return json.dumps(
            {name: value for name, value in terms.items() if name != "budget" or value}
        )

    def rate_states(self, told: Sequence[int]) -> tuple[RateState, ...]:
        """From what submit.lua tells of each rate."""
        return states_of(self.policies, told)

    def require_admitted(self, answer: Sequence[Any]) -> None:
        """Raises RateLimited, BudgetExceeded or TooManyAtOnce if a script answers that."""
        outcome = answer[1]
        if outcome == b"rate_limited":
            raise self.rate_limited(*answer[2:])
        if outcome == b"budget":
            raise self.out_of_budget(*answer[2:])
        if outcome == b"no_place":
            raise TooManyAtOnce(
                "As many runs as may go on at once go on already. Try again when one has ended, or "
                "leave mode=sync out: a job waits for its turn.",
                retry_after_s=_A_RUN_MAY_HAVE_ENDED_S,
            )

    def rate_limited(self, wait_s: int, told: Sequence[int]) -> RateLimited:
        """The error for a job that comes too soon."""
        states = self.rate_states(told)
        used_up = next(state for state in states if state.left == 0)
        what = "jobs" if used_up.name.startswith("user-") else f"jobs of {self.agent_id}"
        return RateLimited(
            f"You have started {used_up.most} {what} in {in_words(used_up.period_s)}, as many as "
            f"you may. Try again in {in_words(wait_s)}.",
            retry_after_s=wait_s,
            rates=states,
        )

    def out_of_budget(self, wait_s: int, _told: Sequence[int] = ()) -> BudgetExceeded:
        """The error for a job on a day that has nothing left for it."""
        return BudgetExceeded(
            "Your budget of tokens or money for today is used up, or reserved by your jobs that "
            f"still run. It starts anew at midnight (UTC), in {in_words(wait_s)}.",
            retry_after_s=wait_s,
        )

    @cached_property
    def policies(self) -> list[Policy]:
        """Name, count and period of each rate."""
        return policies_of(self.scopes)

    @cached_property
    def scopes(self) -> list[Scope]:
        """Key, name and rates of each scope."""
        limits, agent = self.limits.rates, self.agent_id
        scopes = []
        if limits.overall:
            scopes.append((keys.submits_key(self.user_id), "user", limits.overall))
        if of_agent := limits.of(agent):
            scopes.append((keys.submits_key(self.user_id, agent), agent, of_agent))
        return scopes

    def caps(self) -> list[tuple[str, int]]:
        """The shares in which a job needs a place, and how many places each has."""
        mine, agent = self.limits.concurrency, self.agent_id
        caps = {
            f"user:{self.user_id}": mine.overall,
            f"user:{self.user_id}:agent:{agent}": mine.of(agent),
            f"agent:{agent}": self.fleet.of(agent),
        }
        return [(share, cap) for share, cap in caps.items() if cap is not None]

    def budget(self) -> dict[str, str | int] | None:
        """What the user's day has, in what budgets.lua counts."""
        tokens, cost_usd = self.limits.tokens_per_day, self.limits.cost_usd_per_day
        if tokens is None and cost_usd is None:
            return None
        budget: dict[str, str | int] = {"key": keys.spent_key(self.user_id)}
        if tokens is not None:
            budget["tokens"] = tokens
        if cost_usd is not None:
            budget["micros"] = in_micros(cost_usd)
        return budget


def rates_for_script(scopes: Sequence[Scope]) -> list[list[Any]]:
    """As rates.lua reads them."""
    return [[key, [[rate.count, rate.period_s] for rate in rates]] for key, _, rates in scopes]


def policies_of(scopes: Sequence[Scope]) -> list[Policy]:
    """Every rate, in the order in which rates.lua tells of them."""
    return [
        (f"{name}-{rate.period}", rate.count, rate.period_s)
        for _, name, rates in scopes
        for rate in rates
    ]


def states_of(policies: Sequence[Policy], told: Sequence[int]) -> tuple[RateState, ...]:
    """What rates.lua tells of them."""
    triples = zip(policies, told[::2], told[1::2], strict=True)
    return tuple(RateState(*policy, left, reset_s) for policy, left, reset_s in triples)


def in_words(seconds: int) -> str:
    for name, length_s in (("h", 3_600), ("min", 60)):
        if seconds >= 2 * length_s or seconds == length_s:
            return f"{-(-seconds // length_s)} {name}"
    return f"{seconds} s"


def require_known_agents(settings: Settings) -> None:
    """Raises Misconfigured for a limit on an agent that there isn't."""
    known = {spec.id for spec in all_agents()}
    named = {
        "AGENT_RATE_LIMITS or AGENT_USER_CONCURRENCY": UserLimits.parse(
            settings.user_limits()
        ).agents_named(),
        "AGENT_FLEET_CONCURRENCY": parse_fleet_concurrency(
            settings.agent_fleet_concurrency
        ).agents_named(),
    }
    for setting, agents in named.items():
        if unknown := sorted(agents - known):
            raise Misconfigured(
                f"{setting} names {', '.join(unknown)}: the agents are {', '.join(sorted(known))}."
            )
