"""One way over a whole open book, in a process of its own: `python -m bench.whole_book floor|ours|window`.

Works on the database that RAINCHECK_DATABASE names, as `bench.rebalance` filled it. Prints the seconds, and the
megabytes at the most.
"""

import os
import resource
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raincheck.config.settings")

import django

django.setup()

import numpy as np  # noqa: E402
from psycopg import sql  # noqa: E402

from bench.company import count, run  # noqa: E402
from bench.lines import lines  # noqa: E402
from raincheck.actions.pass_all import pass_all  # noqa: E402
from raincheck.core.batch.columns import NO_DAY, Claims, Rules, Supplies  # noqa: E402
from raincheck.core.batch.run import run as pass_over  # noqa: E402
from raincheck.store.bulk.columns import copy_out  # noqa: E402
from raincheck.store.db import raw  # noqa: E402


def main() -> None:
    """Runs one of them on the database in hand; prints seconds and megabytes at the most."""
    few = lines(1_000, 0.5)
    pass_over(few.supplies, few.claims, few.rules)  # Compiles, or loads what was compiled before.
    raw()
    started = time.perf_counter()
    {"floor": _floor, "ours": _ours, "window": _window}[sys.argv[1]]()
    print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _ours() -> None:
    pass_all()


def _window() -> None:
    run(
        """CREATE TEMP TABLE got AS SELECT id, least(units, greatest(0, on_hand - before)) AS units FROM (
               SELECT c.id, c.units, s.on_hand, sum(c.units) OVER (PARTITION BY c.product_id
                   ORDER BY c.place, c.minus_score, c.joined_at, c.id) - c.units AS before
               FROM claim c JOIN stock_level s ON s.product_id = c.product_id WHERE c.units > 0) v"""
    )


def _floor() -> None:
    today = count("SELECT current_date - DATE '0001-01-01' + 1")
    with raw().transaction():
        out = copy_out(
            sql.SQL(
                """SELECT c.id, c.line_id, c.order_id, c.product_id, c.units, c.is_complete::int4
                   FROM claim c JOIN sales_order o ON o.id = c.order_id JOIN product p ON p.id = c.product_id
                   WHERE c.units > 0
                   ORDER BY c.place, c.minus_score, c.joined_at, o.ref COLLATE "C", p.sku COLLATE "C", c.id"""
            ),
            {"claim": 8, "line": 8, "order": 8, "product": 8, "units": 8, "is_complete": 4},
        )
        stock = np.array(
            raw().execute("SELECT product_id, id, on_hand FROM stock_level ORDER BY 1").fetchall(), np.int64
        )
        number, size = np.arange(len(stock), dtype=np.int32), len(out["claim"])
        days = np.full(len(stock), today, np.int32)
        supplies = Supplies(number, np.zeros(len(stock), np.bool_), stock[:, 1], stock[:, 2], days, days, days, days)
        product = np.searchsorted(stock[:, 0], out["product"]).astype(np.int32)
        group = np.where(out["is_complete"] > 0, out["order"], -1).astype(np.int32)
        no_day = np.full(size, NO_DAY, np.int32)
        claims = Claims(
            product, out["units"], group, np.zeros(size, np.bool_), np.zeros(size, np.int64), no_day, no_day, no_day
        )
        outcome = pass_over(supplies, claims, Rules(today, 7, 0, 0))
        own = outcome.claim_of_pegs()
        _copy_pegs(
            out["claim"][own], out["line"][own], out["product"][own], outcome.units, stock[outcome.supply, 1], today
        )


def _copy_pegs(claim: object, line: object, product: object, units: object, level: object, today: int) -> None:
    """The pegs to stock, as COPY sends them."""
    fields = [("fields", ">i2")]
    for name, kind, width in (
        ("claim_id", ">i8", 8), ("line_id", ">i8", 8), ("product_id", ">i8", 8), ("units", ">i8", 8), ("kind", "S5", 5),
        ("stock_level_id", ">i8", 8), ("is_preorder", "?", 1), ("ships_on", ">i4", 4),
    ):  # fmt: skip
        fields += [(f"{name} {width}", ">i4"), (name, kind)]
    rows = np.empty(len(units), np.dtype(fields))  # type: ignore[arg-type]
    rows["fields"] = 8
    for name in rows.dtype.names or ():
        if " " in name:
            rows[name] = int(name.split(" ")[1])
    for name, values in (
        ("claim_id", claim), ("line_id", line), ("product_id", product), ("units", units), ("kind", b"stock"),
        ("stock_level_id", level), ("is_preorder", False), ("ships_on", today - 730_120),
    ):  # fmt: skip
        rows[name] = values
    names = "claim_id, line_id, product_id, units, kind, stock_level_id, is_preorder, ships_on"
    with raw().cursor() as cursor, cursor.copy(f"COPY peg ({names}) FROM STDIN (FORMAT BINARY)".encode()) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        copy.write(rows.tobytes())
        copy.write(b"\xff\xff")


if __name__ == "__main__":
    main()
