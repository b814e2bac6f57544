"""`python -m bench [--only NAME]`: runs the benchmarks, or one of them."""

import argparse
import importlib
import os
import sys
from pathlib import Path

NAMES = (
    "capture",
    "hot",
    "availability",
    "import",
    "receipt",
    "preview",
    "decide",
    "pass",
    "rebalance",
    "replay",
    "messages",
    "demo",
)
MODULES = {"import": "importing", "pass": "passing"}


def main() -> int:
    """Runs what was asked for; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", metavar="NAME", choices=NAMES, help=f"one of {', '.join(NAMES)}")
    parser.add_argument("name", nargs="?", choices=NAMES, help="the same")
    asked = parser.parse_args()
    only = asked.only or asked.name
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raincheck.config.settings")
    # The benchmarks' server stands beside the one that a developer's demo uses.
    os.environ.setdefault("RAINCHECK_DATA", str(Path(__file__).resolve().parents[1] / ".raincheck" / "bench"))
    import django

    django.setup()
    from bench.outcome import show
    from raincheck.config.cycles import look_for_cycles_seldom

    # As every process of ours does.
    look_for_cycles_seldom()
    missed = False
    for name in [only] if only else NAMES:
        outcome = importlib.import_module(f"bench.{MODULES.get(name, name)}").bench()
        show(name, outcome)
        missed |= bool(outcome.goal and outcome.ratio is not None and not outcome.goal.met_by(outcome.ratio))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
