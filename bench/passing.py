"""The pure pass over 10,000 to 10,000,000 waiting lines, in memory, over columns. Bound: a sort of as many numbers.

A comparison sort costs n log n, so a ratio to it that stays level says that the pass grows no faster.
"""

import os
import resource
import subprocess
import sys
import time
from statistics import median

import numpy as np

from bench.lines import COMPLETE_SHARE, lines
from bench.outcome import Goal, Outcome
from raincheck.core.batch.run import run

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ROUNDS = 3
MOST_MB = 2048
MOST_MB_LINES = 1_000_000


def bench() -> Outcome:
    """Nanoseconds a line at each size, each in a process of its own; the worst growth is the ratio."""
    figures: dict[str, str] = {}
    worst = 0.0
    for name, share in COMPLETE_SHARE.items():
        ratios: list[float] = []
        for size in SIZES:
            seconds, bound, most_mb = _measured(size, share)
            if size <= MOST_MB_LINES and most_mb > MOST_MB:
                raise RuntimeError(f"{size:,} lines took {most_mb:,.0f} MB; {MOST_MB} is the most")
            ratios.append(seconds / bound)
            figures[f"{name}, {size:,} lines"] = (
                f"{seconds / size * 1e9:,.0f} ns a line, {seconds / bound:.2f} of a sort, {most_mb:,.0f} MB"
            )
        worst = max(worst, ratios[-1] / ratios[-2], ratios[-2] / ratios[-3])
    return Outcome(figures, worst, Goal(3.0, at_most=True))


def _measured(size: int, share: float) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.passing", str(size), str(share)],
        env=os.environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, bound, most_mb = map(float, done.stdout.split())
    return seconds, bound, most_mb


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
    numbers = np.random.default_rng(size).random(size)
    sorts: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        np.sort(numbers, kind="heapsort")
        sorts.append(time.perf_counter() - started)
    print(median(taken), median(sorts), most_mb)


if __name__ == "__main__":
    main()
