"""`python -m bench [NAME …]`: run benchmarks and print their tables."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import (
    busy,
    drain,
    followers,
    latency,
    library,
    long,
    memory,
    mixed,
    notes,
    round_trips,
    shared_code,
    shares,
    sleepers,
    submit,
    throughput,
)
from bench.report import Table

BENCHMARKS: dict[str, Callable[[Path], Table]] = {
    "drain": drain.run,
    "sleepers": sleepers.run,
    "latency": latency.run,
    "memory": memory.run,
    "round-trips": round_trips.run,
    "submit": submit.run,
    "shares": shares.run,
    "throughput": throughput.run,
    "followers": followers.run,
    "busy": busy.run,
    "notes": notes.run,
    "library": library.run,
    "long": long.run,
    "mixed": mixed.run,
    "lines": shared_code.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    chosen = parser.parse_args().names or list(BENCHMARKS)
    unknown = sorted(set(chosen) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    fell_short = False
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="offstage-bench-") as folder:
            table = BENCHMARKS[name](Path(folder))
        print(f"\n{table}", flush=True)
        fell_short = fell_short or table.fell_short
    return 1 if fell_short else 0


if __name__ == "__main__":
    sys.exit(main())
