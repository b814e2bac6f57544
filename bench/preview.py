"""The preview of a policy on an open book of 100,000 lines. Bound: reading that book's rows out with COPY.

The rule speaks of every line and open orders are migrated, so each line is resolved anew, each product decided anew,
and every line compared.
"""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from bench.company import CUSTOMERS, FIRST_CUSTOMER, FIRST_PRODUCT, PRODUCTS, company, run
from bench.outcome import Goal, Outcome
from raincheck.actions.place_orders import AskedOrder, place_orders
from raincheck.actions.preview_change import Change, preview_change
from raincheck.actions.purchase import PurchaseRequest, purchase
from raincheck.actions.terms import AskedLine, OrderRequest
from raincheck.core.settings import Settings
from raincheck.store.db import raw
from raincheck.store.locks import database_now

ORDERS = 33_334
LINES_AN_ORDER = 3
ROUNDS = 3
MOST_SECONDS = 5.0
INBOUND_PRODUCTS = 500
"""Of every tenth product some are on their way, so that the rule has something to move."""

BOOK = (
    "SELECT * FROM claim WHERE units > 0",
    "SELECT * FROM order_line WHERE reserved + backordered + preordered > 0",
    "SELECT * FROM peg",
    "SELECT * FROM sales_order",
)


def bench() -> Outcome:
    """Seconds of the preview, beside the bound."""
    with company(on_hand=0, settings=Settings(warehouse="manual")):
        place_orders(list(_orders()))
        units = {f"P{FIRST_PRODUCT + 10 * number}": 10 for number in range(INBOUND_PRODUCTS)}
        due_on = database_now().date() + timedelta(days=5)
        purchase(PurchaseRequest("PO1", "acme", "main", units, due_on, "confirmed"))
        run("VACUUM ANALYZE")
        change = Change(add=({"tier": "standard"}, {"ship": "complete"}), migrate=True)
        seconds, bounds = [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            preview = preview_change(change)
            seconds.append(time.perf_counter() - started)
            started = time.perf_counter()
            size = sum(_copied(query) for query in BOOK)
            bounds.append(time.perf_counter() - started)
        if preview.book_lines != preview.migrating or preview.book_lines < ORDERS * LINES_AN_ORDER:
            raise RuntimeError(f"the preview saw {preview.book_lines:,} lines and {preview.migrating:,} to migrate")
    ours, bound = median(seconds), median(bounds)
    return Outcome(
        {
            "preview": f"{ours:.2f} s ({preview.book_lines:,} open lines, {preview.gaining + preview.losing:,} move)",
            "bound": f"{bound:.2f} s (COPY of {size / 1e6:.0f} MB)",
            "ratio to the bound": f"{ours / bound:.1f}",
        },
        ours / MOST_SECONDS,
        Goal(1.0, at_most=True),
    )


def _orders() -> Iterator[AskedOrder]:
    chance = random.Random(ORDERS)
    for number in range(ORDERS):
        products = chance.sample(range(PRODUCTS), LINES_AN_ORDER)
        lines = tuple(AskedLine(f"P{FIRST_PRODUCT + product}", chance.randint(1, 3)) for product in products)
        yield AskedOrder(OrderRequest(f"W{number}", lines, f"C{FIRST_CUSTOMER + number % CUSTOMERS}"))


def _copied(query: str) -> int:
    """Bytes of rows, read out and thrown away."""
    with raw().cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT".encode()) as copy:
        return sum(len(block) for block in copy)
