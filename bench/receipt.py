"""A receipt that frees 10,000 waiting lines of one product. Bound: bare SQL that writes the very same rows.

The receipt is run on one copy of the database and what it changed is taken down, row by row. On another copy the same
rows are laid ready in temporary tables; the time to delete, insert and update them from there, in one transaction,
is the bound. Each is done several times, on fresh copies, turn and turn about.
"""

import time
from statistics import median

from bench.company import company, count, run
from bench.copies import TABLES, copied, rows_of
from bench.outcome import Goal, Outcome
from raincheck.actions.place_orders import AskedOrder, place_orders
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.receive import Receipt, receive
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import raw

LINES = 10_000
UNITS = 2
ROUNDS = 3
SKU = "P500001"


def bench() -> Outcome:
    """Seconds of the receipt in a manual warehouse, beside the bound."""
    with company(on_hand=0, settings=Settings(warehouse="manual")) as base:
        customers = [f"C{700_001 + n % 1000}" for n in range(LINES)]
        place_orders([AskedOrder(OrderRequest(f"W{n}", (AskedLine(SKU, UNITS),), customers[n])) for n in range(LINES)])
        purchase(PurchaseRequest("PO1", "acme", "main", {SKU: LINES * UNITS}, None, "draft"))
        run("VACUUM ANALYZE")
        pairs = [_both(base) for _ in range(ROUNDS)]
    changed = pairs[0][2]
    ours, bound = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return Outcome(
        {
            "receipt": f"{ours:.2f} s ({LINES / ours:,.0f} lines a second)",
            "bound": f"{bound:.2f} s (bare SQL)",
            "rows": ", ".join(f"{number:,} {what}" for what, number in changed.items() if number),
        },
        median(pair[0] / pair[1] for pair in pairs),
        Goal(3.0, at_most=True),
    )


def _both(base: str) -> tuple[float, float, dict[str, int]]:
    """Seconds of ours and of the bound, and how many rows were written."""
    with copied(base):
        before = {table: rows_of(table) for table in TABLES}
        started = time.perf_counter()
        receive(Receipt({SKU: LINES * UNITS}, {}, "purchase", "PO1"))
        ours = time.perf_counter() - started
        if count("SELECT sum(reserved) FROM order_line") != LINES * UNITS:
            raise RuntimeError("the receipt did not free every line")
        after = {table: rows_of(table) for table in TABLES}
    touched = [table for table in TABLES if before[table] != after[table]]
    with copied(base):
        changed = {table: _lay_ready(table, after[table]) for table in touched}
        started = time.perf_counter()
        with raw().transaction():
            for table in touched:
                _write(table)
        bound = time.perf_counter() - started
        if any(sorted(rows_of(table)) != sorted(after[table]) for table in touched):
            raise RuntimeError("the bound did not write the same rows")
    return ours, bound, {f"{table} {what}": number for table in touched for what, number in changed[table].items()}


def _lay_ready(table: str, after: list[bytes]) -> dict[str, int]:
    """Temporary tables of what is to be deleted, inserted and changed; how many rows each has."""
    run(f"CREATE TEMP TABLE {table}_after (LIKE {table})")
    with raw().cursor() as cursor, cursor.copy(f"COPY {table}_after FROM STDIN".encode()) as copy:
        copy.write(b"".join(row + b"\n" for row in after))
    run(f"CREATE INDEX ON {table}_after (id)")
    run(f"ANALYZE {table}_after")
    run(
        f"""CREATE TEMP TABLE {table}_gone AS
            SELECT id FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM {table}_after a WHERE a.id = t.id)"""
    )
    run(
        f"""CREATE TEMP TABLE {table}_new AS
            SELECT * FROM {table}_after a WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = a.id)"""
    )
    run(
        f"""CREATE TEMP TABLE {table}_changed AS
            SELECT a.* FROM {table}_after a JOIN {table} t ON t.id = a.id WHERE t IS DISTINCT FROM a"""
    )
    kinds = {"gone": "deleted", "new": "inserted", "changed": "updated"}
    for kind in kinds:
        run(f"ANALYZE {table}_{kind}")
    return {what: count(f"SELECT count(*) FROM {table}_{kind}") for kind, what in kinds.items()}


def _write(table: str) -> None:
    columns = [name for (name,) in raw().execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attname <> 'id' ORDER BY attnum", [table])]  # fmt: skip
    given = ", ".join(f'"{name}"' for name in columns)
    taken = ", ".join(f'v."{name}"' for name in columns)
    run(f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table}_gone)")
    run(f"INSERT INTO {table} SELECT * FROM {table}_new")
    run(f"UPDATE {table} t SET ({given}) = ROW({taken}) FROM {table}_changed v WHERE t.id = v.id")
