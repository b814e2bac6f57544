"""`raincheck import orders` of 500,000 lines. Bound: COPY of the same orders and lines in, with their claims and pegs.

The rows of the bound are those that the import wrote, laid down in files and copied into another copy of the database,
in one transaction, with every index and constraint. Reading the file, deciding, messages, facts and counters are the
import's own affair.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.db import connection

from bench.company import CUSTOMERS, FIRST_CUSTOMER, FIRST_PRODUCT, PRODUCTS, company, count, settle
from bench.copies import copied, load, save
from bench.outcome import Goal, Outcome
from bench.processes import cpu_seconds, database_server
from raincheck.store.db import raw

LINES = 500_000
LINES_AN_ORDER = 3
ON_HAND = 50
MOST_MB = 1024
TABLES = ("sales_order", "order_line", "claim", "peg")


def bench() -> Outcome:
    """Seconds of the import and its largest memory, beside the bound."""
    with tempfile.TemporaryDirectory() as folder, company(on_hand=ON_HAND) as base:
        file = Path(folder) / "orders.csv"
        _write(file)
        settle()
        with copied(base) as name:
            server_before = cpu_seconds(database_server())
            seconds, own_cpu, most_mb = _import(file, name)
            server_cpu = cpu_seconds(database_server()) - server_before
            for table in TABLES:
                save(table, Path(folder) / table)
            rows = {table: count(f"SELECT count(*) FROM {table}") for table in TABLES}
            reserved = count("SELECT count(*) FROM order_line WHERE backordered = 0")
        with copied(base):
            server_before = cpu_seconds(database_server())
            bound = _copy(Path(folder))
            bound_cpu = cpu_seconds(database_server()) - server_before
    if most_mb > MOST_MB:
        raise RuntimeError(f"the import took {most_mb:,.0f} MB; {MOST_MB} is the most")
    return Outcome(
        {
            "import": f"{seconds:.0f} s ({LINES / seconds:,.0f} lines a second)",
            "bound": f"{bound:.0f} s (COPY of {', '.join(f'{number:,} {table}' for table, number in rows.items())})",
            "CPU": f"{own_cpu:.0f} s import, {server_cpu:.0f} s database; bound: {bound_cpu:.0f} s database",
            "lines served from stock": f"{reserved:,} of {LINES:,}",
            "largest memory": f"{most_mb:,.0f} MB (at most {MOST_MB})",
        },
        seconds / bound,
        Goal(3.0, at_most=True),
    )


def _write(file: Path) -> None:
    chance = random.Random(0)
    products, customers = range(FIRST_PRODUCT, FIRST_PRODUCT + PRODUCTS), range(CUSTOMERS)
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["ref", "sku", "quantity", "customer", "channel"])
        for order in range(LINES // LINES_AN_ORDER + 1):
            customer = f"C{FIRST_CUSTOMER + chance.choice(customers)}"
            asked = min(LINES_AN_ORDER, LINES - order * LINES_AN_ORDER)
            for sku in chance.sample(products, asked):
                rows.writerow([f"I{order}", f"P{sku}", chance.randint(1, 3), customer, "web"])


def _import(file: Path, database: str) -> tuple[float, float, float]:
    """Seconds, seconds of CPU of its own, and megabytes at the most."""
    connection.close()
    command = [sys.executable, "-m", "raincheck.cli.main", "import", "orders", str(file)]
    started = time.perf_counter()
    child = subprocess.Popen(command, env={**os.environ, "RAINCHECK_DATABASE": database}, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"the import ended with status {child.returncode}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _copy(folder: Path) -> float:
    """Seconds of COPY, the checks at its commit included."""
    started = time.perf_counter()
    with raw().transaction():
        for table in TABLES:
            load(table, folder / table)
    return time.perf_counter() - started
