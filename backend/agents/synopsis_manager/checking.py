"""Holds drafts against the material; what fails goes back to the model once, as a durable step."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic_ai.exceptions import UnexpectedModelBehavior

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.offline import OFFLINE_MODEL_NAME
from backend.agents.synopsis_manager.grounding import Verdict, verify
from backend.agents.synopsis_manager.items import claim_of, said_by
from backend.agents.synopsis_manager.notes import DraftItem, RepairedItem, Repairs
from backend.agents.synopsis_manager.page import show
from backend.agents.synopsis_manager.prompts import Prompts
from backend.agents.synopsis_manager.units import Unit

# Sentences shown on either side of what a failing item cites.
_REACH = 6


@dataclass(frozen=True)
class Checked:
    """A draft, perhaps put right, with the passages that say it; none if nothing does.

    `obeys`: it does what an order in the material says, and rests on that alone.
    """

    draft: DraftItem
    passages: tuple[Unit, ...] = ()
    repaired: bool = False
    obeys: bool = False


class Checker:
    """`headers` go into the repairs' prompts."""

    def __init__(
        self,
        context: AgentContext,
        calls: ModelCalls,
        prompts: Prompts,
        headers: dict[str, str],
    ) -> None:
        self._context = context
        self._calls = calls
        self._prompts = prompts
        self._headers = headers

    async def check(
        self, key: str, drafts: Sequence[DraftItem], units: Sequence[Unit]
    ) -> list[Checked]:
        """The drafts in order, each held against `units`. `key` names the place in the job.

        Headings are held too, but not put right: they only order what others say.
        """
        verdicts = await asyncio.to_thread(_verify_all, drafts, units)
        failing = {
            number: verdict
            for number, (draft, verdict) in enumerate(zip(drafts, verdicts, strict=True), 1)
            if not verdict.holds and draft.kind != "heading"
        }
        repairs = await self._repair(key, drafts, failing, units) if failing else []
        checked = [
            Checked(draft, verdict.passages, obeys=verdict.obeys)
            for draft, verdict in zip(drafts, verdicts, strict=True)
        ]
        for repair in repairs:
            if repair.number not in failing or repair.kind in ("heading", "code"):
                continue
            verdict = verify(claim_of(repair), units)
            if verdict.holds:
                checked[repair.number - 1] = Checked(repair, verdict.passages, repaired=True)
        return checked

    async def _repair(
        self,
        key: str,
        drafts: Sequence[DraftItem],
        failing: dict[int, Verdict],
        units: Sequence[Unit],
    ) -> list[RepairedItem]:
        if self._context.model_name == OFFLINE_MODEL_NAME:
            return []
        headers = {"Write in": self._headers.get("Write in", "")}
        near = _around(units, {n for number in failing for n in drafts[number - 1].cites})
        page = show(headers, near, after=_shown(drafts, failing))
        digest = hashlib.sha256(page.encode()).hexdigest()[:16]
        repairs = await self._context.step(
            f"repair/{key}/{digest}", lambda: self._ask(page), Repairs
        )
        return repairs.items

    async def _ask(self, page: str) -> Repairs:
        try:
            return await self._calls.ask(
                Repairs, instructions=self._prompts.text("repair"), prompt=page
            )
        except UnexpectedModelBehavior:
            # The notes are there, and what isn't grounded is marked: no reason to fail the job.
            self._context.log.warning("the model could not put its notes right")
            return Repairs(items=[])


def _verify_all(drafts: Sequence[DraftItem], units: Sequence[Unit]) -> list[Verdict]:
    return [verify(claim_of(draft), units) for draft in drafts]


def _around(units: Sequence[Unit], cited: set[int]) -> list[Unit]:
    """The cited units with their neighbours; all, if nothing that is there was cited."""
    near = [unit for unit in units if any(abs(unit.number - number) <= _REACH for number in cited)]
    return near or list(units)


def _shown(drafts: Sequence[DraftItem], failing: dict[int, Verdict]) -> str:
    lines = []
    for number, verdict in failing.items():
        draft = drafts[number - 1]
        said = " ".join(said_by(draft).split())
        quote = f' Quoted: "{" ".join(draft.quote.split())}".' if draft.quote else ""
        lines.append(f"<{number}> {draft.kind}: {said}{quote} Wrong: {verdict.objection}")
    body = "\n".join(lines).replace("</items>", "</ items>")
    return f"\n\n<items>\n{body}\n</items>"
