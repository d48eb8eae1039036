"""A chain of jobs of one session: what it is held against as a whole, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backend.errors import RateLimited, RateState
from backend.worker.limiting import Scope, Terms, in_words, policies_of, rates_for_script, states_of
from backend.worker.submission import Accepted, refuse


@dataclass(frozen=True)
class ChainTerms:
    """The limits that the links of a chain come under together. They have one user, so that what
    counts all jobs counts each of them."""

    links: Sequence[Terms]

    @cached_property
    def as_json(self) -> str:
        """For chain.lua; '' if there are none."""
        terms = {
            "rates": rates_for_script(self._scopes),
            "links": [
                {"scopes": [key for key, _, _ in each.scopes], "caps": each.caps()}
                for each in self.links
            ],
        }
        if budget := self.links[0].budget():
            terms["budget"] = budget
        return json.dumps(terms) if any(each.as_json for each in self.links) else ""

    def rate_states(self, told: Sequence[int]) -> tuple[RateState, ...]:
        """From what chain.lua tells of each rate."""
        return states_of(policies_of(self._scopes), told)

    def rate_limited(
        self, wait_s: int, told: Sequence[int], slowest: int, wanted: int
    ) -> RateLimited:
        """The error for a chain that comes too soon, or that is longer than a rate ever allows."""
        states = self.rate_states(told)
        rate = states[slowest - 1]
        what = f"{wanted} jobs" if wanted > 1 else "1 job"
        may = f"you may start {rate.most} in {in_words(rate.period_s)}"
        if wanted > rate.most:
            detail = f"This takes {what}, and {may}. Name fewer agents."
        else:
            detail = f"This takes {what}; {may}, and {rate.left} are left. Try again in "
            detail += f"{in_words(wait_s)}."
        return RateLimited(detail, retry_after_s=wait_s, rates=states)

    @cached_property
    def _scopes(self) -> list[Scope]:
        """Key, name and rates of each scope, once."""
        return list({scope[0]: scope for each in self.links for scope in each.scopes}.values())


@dataclass(frozen=True)
class ChainAccepted:
    """What became of each link, in order, and the job it waits for (None for one that doesn't).

    `replayed`: this is what the same `Idempotency-Key` was answered before. `rates` are the user's,
    as they stand after it.
    """

    links: tuple[tuple[Accepted, str | None], ...]
    replayed: bool = False
    rates: tuple[RateState, ...] = ()

    @classmethod
    def of(cls, answer: Sequence[Any], terms: ChainTerms) -> ChainAccepted:
        """From what `scripts/chain.lua` answers.

        Raises Unavailable for a full queue, IdempotencyKeyReused, RateLimited and BudgetExceeded.
        """
        if answer[1] == b"rate_limited":
            raise terms.rate_limited(*answer[2:])
        if answer[1] == b"budget":
            raise terms.links[0].out_of_budget(answer[2])
        refuse(answer)
        _, links, replayed, told = answer
        return cls.told(links, replayed=replayed == 1, rates=terms.rate_states(told))

    @classmethod
    def told(
        cls, links: Sequence[Any], *, replayed: bool, rates: tuple[RateState, ...] = ()
    ) -> ChainAccepted:
        """From the part that is kept for an `Idempotency-Key`."""
        accepted = []
        for *told, waits_for in links:
            waits = waits_for.decode() if isinstance(waits_for, bytes) else waits_for
            accepted.append((Accepted.told([*told, 0]), waits or None))
        return cls(tuple(accepted), replayed, rates)
