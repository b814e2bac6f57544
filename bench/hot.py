"""A hot product: 500 orders of 50 clients for one product with 100 on hand. Bound: one commit an order under its lock.

What counts first: exactly 100 are reserved, all others wait with a date, and none is lost. Orders that come at the same
time share a commit (ADR 0007); the bound runs the statements of one order that comes alone.
"""

import orjson

from bench import load, pgbench
from bench.capture import recorded_order
from bench.company import FIRST_PRODUCT, company, count, run, settle
from bench.outcome import Goal, Outcome
from bench.serving import serving
from raincheck.actions.api_keys import make_api_key

CLIENTS = 50
ORDERS = 500
ON_HAND = 100
HOT, SOLD_OUT = FIRST_PRODUCT, FIRST_PRODUCT + 1


def bench() -> Outcome:
    """Orders a second, beside pgbench with the statements of an order that has to wait, on a product like it."""
    with company(on_hand=ON_HAND) as name:
        key = make_api_key("bench", ["order.place"]).key
        run(f"UPDATE stock_level SET reserved = on_hand WHERE product_id = {SOLD_OUT}")
        statements = recorded_order(key, _order("recorded", SOLD_OUT))
        with serving(name) as served:
            load.all_of(served.address, CLIENTS, (_post(key, f"W{n}", SOLD_OUT) for n in range(ORDERS)))
            settle()
            done = load.all_of(served.address, CLIENTS, (_post(key, f"H{n}", HOT) for n in range(ORDERS)))
        marks = {"recorded": "('R' || :client_id || '-' || :n)"}
        script = pgbench.script(statements, marks, "\\set n :n + 1")
        bound = pgbench.run(script, clients=CLIENTS, transactions=ORDERS // CLIENTS)
        reserved, waiting, orders = (
            count(f"SELECT {what} FROM order_line WHERE product_id = {HOT}")
            for what in ("sum(reserved)", "sum(backordered)", "count(*)")
        )
        commits = count("SELECT count(DISTINCT xmin::text) FROM sales_order WHERE ref LIKE 'H%'")
    if done.statuses != {201: ORDERS} or (reserved, waiting, orders) != (ON_HAND, ORDERS - ON_HAND, ORDERS):
        raise RuntimeError(f"answers {done.statuses}; {reserved} reserved, {waiting} waiting of {orders} orders")
    return Outcome(
        {
            "reserved, waiting, lost": f"{reserved}, {waiting}, {ORDERS - orders}",
            "orders a second": f"{done.per_second:,.0f}",
            "bound, orders a second": f"{bound.per_second:,.0f} (pgbench, {CLIENTS} clients, a commit an order)",
            "orders a commit": f"{ORDERS / commits:.1f}",
            "answered within": f"{done.wait_ms(0.5):.0f} ms (median), {done.wait_ms(0.99):.0f} ms (99 of 100)",
        },
        done.per_second / bound.per_second,
        Goal(1.5),
    )


def _order(ref: str, product: int) -> bytes:
    return orjson.dumps({"ref": ref, "channel": "web", "lines": [{"sku": f"P{product}", "quantity": 1}]})


def _post(key: str, ref: str, product: int) -> bytes:
    return load.post("/api/v1/orders", key, _order(ref, product))
