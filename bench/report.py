"""Tables of measurements, each row with what it is held to."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """`add` rows, then print it. `fell_short` is true once a row misses its goal."""

    title: str
    fell_short: bool = False
    _rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, what: str, value: str, *, goal: str = "", met: bool = True) -> None:
        self._rows.append((what, value, f"{goal} {'ok' if met else 'MISSED'}" if goal else ""))
        self.fell_short = self.fell_short or not met

    def __str__(self) -> str:
        widths = [max(len(row[i]) for row in self._rows) for i in range(3)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in self._rows
        ]
        return "\n".join([self.title, "-" * len(self.title), *lines])


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of 100 don't exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
