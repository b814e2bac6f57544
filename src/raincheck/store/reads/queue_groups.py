"""The backorder queue summed up: by product, order, customer or supplier."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from raincheck.store.reads.named import named_rows
from raincheck.store.reads.waiting import WAITING_LINES

LIMIT: Final = 200

# The code that the queue can be narrowed to, the name to show, and how groups are told apart.
_GROUPS: Final = {
    "product": ("p.sku", "p.name", "p.id"),
    "order": ("o.ref", "coalesce(nullif(u.name, ''), u.code, '')", "o.id, u.id"),
    "customer": ("u.code", "u.name", "u.id"),
    "supplier": ("s.code", "s.name", "s.id"),
}
GROUPINGS: Final = tuple(_GROUPS)


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """What waits under one heading. An empty `code` gathers what has none (no supplier, no customer)."""

    code: str
    name: str
    units: int
    orders: int
    lines: int
    late_orders: int
    undated_units: int
    oldest_joined_at: datetime
    last_expected_on: date | None


def queue_groups(by: str, today: date) -> list[QueueGroup]:
    """The groups with the most late orders and then the longest wait first, `LIMIT` at most. One query.

    Raises `KeyError` for a grouping outside `GROUPINGS`.
    """
    code, name, key = _GROUPS[by]
    return named_rows(
        QueueGroup,
        f"""SELECT coalesce({code}, '') AS code, coalesce({name}, '') AS name, sum(w.units)::bigint AS units,
                   count(DISTINCT w.order_id) AS orders, count(*) AS lines,
                   count(DISTINCT w.order_id) FILTER (WHERE w.is_late) AS late_orders,
                   coalesce(sum(w.units) FILTER (WHERE w.expected_on IS NULL), 0)::bigint AS undated_units,
                   min(w.joined_at) AS oldest_joined_at, max(w.expected_on) AS last_expected_on
            FROM ({WAITING_LINES}) w JOIN product p ON p.id = w.product_id JOIN sales_order o ON o.id = w.order_id
            LEFT JOIN customer u ON u.id = o.customer_id LEFT JOIN supplier s ON s.id = p.supplier_id
            GROUP BY {key}, 1, 2 ORDER BY late_orders DESC, oldest_joined_at, 1 LIMIT {LIMIT}""",
        {"today": today},
    )
