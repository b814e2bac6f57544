"""What became of each order line in a run: what was filled at once, promised, carried, and still waits."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from raincheck.store.db import one
from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class LineFate:
    """A line at the end of a run. `filled` units had stock when the order was placed; `open_units` have not left."""

    order_ref: str
    customer: str
    sku: str
    placed_at: datetime
    unit_price: Decimal
    ordered: int
    filled: int
    shipped: int
    open_units: int
    refused: int
    first_promise_on: date | None
    expected_on: date | None


def line_fates(since: datetime) -> list[LineFate]:
    """Lines of orders that were placed since an instant or are open still, in the order of placing.

    What was filled at once is what the customer was told when the order was placed; a refused order was told nothing.
    """
    return named_rows(
        LineFate,
        """SELECT o.ref AS order_ref, coalesce(c.code, '') AS customer, p.sku, o.placed_at, l.unit_price, l.ordered,
                  coalesce((SELECT sum((v->>'reserved')::bigint)
                            FROM notice n, jsonb_array_elements(n.detail->'lines') v
                            WHERE n.order_id = o.id AND n.event = 'order_confirmed' AND v->>'sku' = p.sku), 0)::bigint
                      AS filled,
                  l.shipped, l.reserved + l.backordered + l.preordered AS open_units, l.refused, l.first_promise_on,
                  l.expected_on
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           LEFT JOIN customer c ON c.id = o.customer_id
           WHERE o.state <> 'basket' AND (o.placed_at >= %(since)s OR o.state IN ('open', 'held', 'cancel_requested')
              OR EXISTS (SELECT 1 FROM notice n WHERE n.order_id = o.id AND n.at >= %(since)s))
           ORDER BY o.id, l.id""",
        {"since": since},
    )


def dates_moved(since: datetime) -> int:
    """How often since an instant a date that was told was replaced by a later one or by none."""
    return int(one("SELECT count(*) FROM told_date WHERE word = 'delayed' AND at >= %s", [since])[0])
