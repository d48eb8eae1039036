"""The table of scores, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import mean

from bench.eval_synopsis.bootstrap import paired
from bench.eval_synopsis.rouge import Score

_RIVALS = ("lead", "lexrank", "textrank")
_NAMES = (*_RIVALS, "ours", "oracle")


@dataclass
class Row:
    """The scores on the texts of one kind."""

    scores: list[dict[str, Score]] = field(default_factory=list)

    def add(self, scores: dict[str, Score]) -> None:
        self.scores.append(scores)

    def of(self, name: str, measure: str) -> list[float]:
        return [getattr(scores[name], measure) for scores in self.scores]


def print_table(rows: Mapping[str, Row]) -> None:
    print(
        f"{'':27}{'n':>3}  {'lead':>6}{'LexR':>6}{'TextR':>6}{'ours':>6}{'oracle':>7}  "
        f"{'ours - lead (95 %)':>22}{'of the way':>11}  beats"
    )
    for kind, row in sorted(rows.items()):
        for measure, shown in (("rouge_1", "R-1"), ("rouge_l", "R-L")):
            print(_line(kind, row, measure, shown))


def _line(kind: str, row: Row, measure: str, shown: str) -> str:
    means = {name: mean(row.of(name, measure)) for name in _NAMES}
    gain = paired(row.of("ours", measure), row.of("lead", measure))
    room = means["oracle"] - means["lead"]
    way = (means["ours"] - means["lead"]) / room if room > 0 else 0.0
    beaten = [name for name in _RIVALS if means["ours"] > means[name]]
    beats = (
        "all"
        if len(beaten) == len(_RIVALS)
        else "not " + ", ".join(name for name in _RIVALS if name not in beaten)
    )
    numbers = "".join(f"{means[name]:6.3f}" for name in _NAMES[:-1])
    interval = f"{gain.mean:+.3f} ({gain.low:+.3f} {gain.high:+.3f}){'*' if gain.is_real else ' '}"
    return (
        f"{kind:24}{shown}{len(row.scores):3}  {numbers}{means['oracle']:7.3f}  "
        f"{interval:>22}{way:10.0%}  {beats}"
    )
