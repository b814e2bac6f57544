"""The pure pass over 10,000 to 10,000,000 waiting lines, in memory, over columns. Bound: n log n.

The ratio is how much more a line costs at 10,000,000 than n log n allows for, counted from 100,000. Beside it
stands the sort in rank order that has to come first, which is what costs n log n.
"""

import os
import resource
import subprocess
import sys
import time
from math import log2
from statistics import median

import numpy as np

from bench.lines import COMPLETE_SHARE, lines
from bench.outcome import Goal, Outcome
from raincheck.core.batch.run import run

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ROUNDS = 3
MOST_MB = 2048
MOST_MB_LINES = 1_000_000
FROM = 100_000


def bench() -> Outcome:
    """Nanoseconds a line at each size, each in a process of its own; the worst growth is the ratio."""
    figures: dict[str, str] = {}
    worst = 0.0
    for name, share in COMPLETE_SHARE.items():
        cost: dict[int, float] = {}
        for size in SIZES:
            seconds, sorting, most_mb = _measured(size, share)
            if size <= MOST_MB_LINES and most_mb > MOST_MB:
                raise RuntimeError(f"{size:,} lines took {most_mb:,.0f} MB; {MOST_MB} is the most")
            cost[size] = seconds / (size * log2(size))
            figures[f"{name}, {size:,} lines"] = (
                f"{seconds / size * 1e9:,.0f} ns a line ({sorting / size * 1e9:,.0f} ns to sort), {most_mb:,.0f} MB"
            )
        worst = max(worst, cost[SIZES[-1]] / cost[FROM])
    return Outcome(figures, worst, Goal(3.0, at_most=True))


def _measured(size: int, share: float) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.passing", str(size), str(share)],
        env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, sorting, most_mb = map(float, done.stdout.split())
    return seconds, sorting, most_mb


def main() -> None:
    """Prints the seconds of the pass, of the sort, and the largest memory in MB."""
    size, share = int(sys.argv[1]), float(sys.argv[2])
    small = lines(1_000, share)
    run(small.supplies, small.claims, small.rules)  # Compiles, or loads what was compiled before.
    book = lines(size, share)
    taken: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run(book.supplies, book.claims, book.rules)
        taken.append(time.perf_counter() - started)
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    joined = np.random.default_rng(size).permutation(size)
    sorts: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        np.lexsort((book.claims.product, joined))
        sorts.append(time.perf_counter() - started)
    print(median(taken), median(sorts), most_mb)


if __name__ == "__main__":
    main()
