"""Scores the offline notes against reference summaries: ROUGE-1 and ROUGE-L F1 per kind.

    make eval            or: python -m bench.eval_synopsis [--held-out] [--only ru/chapter]

Every contender gets as many words as the first reference has; what is longer is cut off there.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from backend.agents.text.language import detect_language
from bench.eval_synopsis.contenders import lead, lexrank, oracle, textrank
from bench.eval_synopsis.coverage import Coverage, coverage_table
from bench.eval_synopsis.memo import Memo
from bench.eval_synopsis.ours import notes_on, text_of
from bench.eval_synopsis.records import Record, read_records
from bench.eval_synopsis.rouge import Score, best_score, tokens
from bench.eval_synopsis.table import Row, print_table

_ROOT = Path(__file__).resolve().parents[2]
_REFS = _ROOT.parent / "shared" / "data" / "refs"
_CONTENDERS = {"lead": lead, "lexrank": lexrank, "textrank": textrank, "oracle": oracle}


async def scores_of(record: Record, memo: Memo) -> tuple[dict[str, Score], bool]:
    """The score of every contender, and whether our notes are in the source's language."""
    notes = await notes_on(record.source, record.budget)
    texts = {name: memo.pick(one, record, record.budget) for name, one in _CONTENDERS.items()}
    texts["ours"] = text_of(notes, record.source)
    scores = {
        name: best_score(tokens(text)[: record.budget], record.reference_tokens)
        for name, text in texts.items()
    }
    same = notes.language == record.language == detect_language(texts["ours"])
    return scores, same


async def evaluate(records: Sequence[Record], memo: Memo) -> None:
    rows: dict[str, Row] = defaultdict(Row)
    coverage = Coverage()
    wrong_language = []
    for record in records:
        scores, same_language = await scores_of(record, memo)
        rows[f"{record.language} {record.kind}"].add(scores)
        if not same_language:
            wrong_language.append(record.id)
        if record.topics:
            await coverage.add(record, memo)
    print_table(rows)
    print(
        f"\nlanguage of the notes = of the source: {len(records) - len(wrong_language)} "
        f"of {len(records)} {' '.join(wrong_language)}"
    )
    if coverage.meetings:
        print(coverage_table(coverage))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--refs", type=Path, default=_REFS, help="folder with en.jsonl, ru.jsonl")
    parser.add_argument("--only", default="", help="only kinds that contain this, as in ru/chapter")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--held-out", action="store_true", help="only what nothing was tuned on")
    which.add_argument("--tuned-on", action="store_true", help="only the others")
    arguments = parser.parse_args()
    if not arguments.refs.is_dir():
        raise SystemExit(f"There are no reference summaries at {arguments.refs}: give --refs.")
    records = [
        record
        for record in read_records(arguments.refs, ("en", "ru"))
        if arguments.only in f"{record.language}/{record.kind}"
        and (record.is_held_out or not arguments.held_out)
        and not (record.is_held_out and arguments.tuned_on)
    ]
    memo = Memo(_ROOT / ".cache" / "eval_synopsis.json")
    try:
        asyncio.run(evaluate(records, memo))
    finally:
        memo.save()


if __name__ == "__main__":
    main()
