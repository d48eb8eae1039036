"""`python -m bench.drill NAME [--seed N]`, or `--all`: run drills and print their tables.

Ends with 1 if one falls short.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.drill import away, flushall, freeze, full, kill, locked, rolling, ttl
from bench.report import Table

Drill = Callable[[Path, int], Table]
DRILLS: dict[str, Drill] = {
    "kill": kill.run,
    "freeze": freeze.run,
    "rolling": rolling.run,
    "ttl": ttl.run,
    "redis-away": away.run,
    "flushall": flushall.run,
    "redis-full": full.run,
    "sql-locked": locked.run,
}
SEEDS_OF_ALL = {"kill": (1, 2, 3, 4, 5)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.drill", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(DRILLS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="every drill, kill with five seeds")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(DRILLS))
    if unknown or bool(arguments.names) is arguments.all:
        parser.error(f"name a drill or say --all; there are {', '.join(DRILLS)}")
    fell_short = []
    for name in DRILLS if arguments.all else arguments.names:
        for seed in SEEDS_OF_ALL.get(name, (1,)) if arguments.all else (arguments.seed,):
            if run_one(name, seed).fell_short:
                fell_short.append(f"{name} (seed {seed})")
    if fell_short:
        print(f"\nfell short: {', '.join(fell_short)}")
    return 1 if fell_short else 0


def run_one(name: str, seed: int) -> Table:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="offstage-drill-") as folder:
        table = DRILLS[name](Path(folder), seed)
    print(f"\n{table}\n({time.monotonic() - began:.0f} s)", flush=True)
    return table


if __name__ == "__main__":
    sys.exit(main())
