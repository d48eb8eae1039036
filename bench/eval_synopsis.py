"""Scores the offline notes against reference summaries: ROUGE-1 and ROUGE-L F1 per kind.

    python bench/eval_synopsis.py ../shared/data/refs/en.jsonl [--limit 40]

Each source is summarised to as many words as its first reference has, through the agent itself.
The floor beside it takes the source's first words.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean
from typing import Any

from backend.agents.context import AgentContext, Material, SessionInfo, SessionMemory
from backend.agents.offline import OFFLINE_MODEL_NAME, OfflineModel
from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.agents.synopsis_manager.assembly import words_of
from backend.domain.artifacts import CodeItem, Synopsis
from backend.domain.events import FinalResult

_TOKEN = re.compile(r"\w+")
_LONGEST_L = 1_500


async def notes_on(source: str, max_words: int) -> str:
    """The text of the offline notes on `source`."""
    spec = get_agent("synopsis_manager", "v1")
    memory = SessionMemory(SessionInfo("bench"), (Material("m", "", source),))
    context = AgentContext("bench", 1, memory, OfflineModel(), OFFLINE_MODEL_NAME)
    query = spec.parse_query({"max_words": max(20, max_words)})
    final = None
    async for event in run_agent_with_events(spec, context, query):
        final = event if isinstance(event, FinalResult) else final
    assert final is not None
    items = Synopsis.model_validate(final.output).items
    return "\n".join(words_of(item) for item in items if not isinstance(item, CodeItem))


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def rouge_1(found: list[str], wanted: list[str]) -> float:
    overlap = sum((Counter(found) & Counter(wanted)).values())
    return _f1(overlap, len(found), len(wanted))


def rouge_l(found: list[str], wanted: list[str]) -> float:
    found, wanted = found[:_LONGEST_L], wanted[:_LONGEST_L]
    row = [0] * (len(wanted) + 1)
    for word in found:
        diagonal = 0
        for column, other in enumerate(wanted, 1):
            above = row[column]
            row[column] = diagonal + 1 if word == other else max(above, row[column - 1])
            diagonal = above
    return _f1(row[-1], len(found), len(wanted))


def _f1(overlap: int, found: int, wanted: int) -> float:
    return 2 * overlap / (found + wanted) if found + wanted else 0.0


async def evaluate(name: str, lines: list[str], limit: int) -> None:
    scores: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    taken: Counter[str] = Counter()
    for line in lines:
        record: dict[str, Any] = json.loads(line)
        if taken[record["kind"]] >= limit:
            continue
        taken[record["kind"]] += 1
        references = [tokens(reference) for reference in record["references"]]
        length = len(references[0])
        ours = tokens(await notes_on(record["source"], length))
        floor = tokens(record["source"])[:length]
        best = (
            max(measure(found, reference) for reference in references)
            for found in (ours, floor)
            for measure in (rouge_1, rouge_l)
        )
        scores[record["kind"]].append((*best, len(ours) / max(1, length)))
    for kind, rows in sorted(scores.items()):
        columns = zip(*rows, strict=True)
        ours_1, ours_l, floor_1, floor_l, length = (mean(column) for column in columns)
        print(
            f"{name} {kind} n={len(rows)}: ours {ours_1:.3f}/{ours_l:.3f} "
            f"first words {floor_1:.3f}/{floor_l:.3f} length {length:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=40, help="records per kind")
    arguments = parser.parse_args()
    for path in arguments.files:
        lines = path.read_text(encoding="utf-8").splitlines()
        asyncio.run(evaluate(path.stem, lines, arguments.limit))


if __name__ == "__main__":
    main()
