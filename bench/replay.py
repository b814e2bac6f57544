"""`raincheck replay` of a company's history, given by its path in BENCH_DATA: order lines a second, timers included."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from bench.outcome import Goal, Outcome

MOST_SECONDS = 15 * 60


def bench() -> Outcome:
    """Lines a second, and the time of it all beside a quarter of an hour."""
    given = os.environ.get("BENCH_DATA")
    if not given:
        return Outcome(skipped="BENCH_DATA names no directory with a history (such as online-retail)")
    if not Path(given).is_dir():
        return Outcome(skipped=f"BENCH_DATA names {given}, which is no directory")
    command = [sys.executable, "-m", "raincheck.cli.main", "replay", given]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"the replay ended with status {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
    lines = re.search(r"([\d,]+) order lines", done.stderr)
    number = int(lines[1].replace(",", "")) if lines else 0
    return Outcome(
        {
            "history": f"{number:,} order lines",
            "time": f"{seconds:,.0f} s, reading and audit included",
            "lines a second": f"{number / seconds:,.0f}",
            "bound": f"{MOST_SECONDS:,} s",
        },
        seconds / MOST_SECONDS,
        Goal(1.0, at_most=True),
    )
