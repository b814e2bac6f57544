"""The list of orders, the newest first, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from raincheck.store.reads.named import named_rows

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in the list, with its lines' units added up. `promise_on` is the last day promised."""

    id: int
    ref: str
    state: str
    customer: str
    tier: str
    channel: str
    placed_at: datetime
    lines: int
    ordered: int
    reserved: int
    backordered: int
    preordered: int
    shipped: int
    cancelled: int
    refused: int
    value: Decimal
    promise_on: date | None


def order_rows(state: str, customer: str, before: int | None, limit: int = PAGE) -> list[OrderRow]:
    """Orders placed last first, from the one below id `before` on; one more than `limit` when there are more.

    `state` waiting shows the open ones with units that wait; an empty text asks nothing. One query.
    """
    conditions = ["o.state <> 'basket'"]
    params: dict[str, Any] = {"limit": limit + 1}
    if state == "waiting":
        conditions.append(
            """o.id IN (SELECT l.order_id FROM claim c JOIN order_line l ON l.id = c.line_id
                        WHERE c.units > 0 AND l.backordered + l.preordered > 0)"""
        )
    elif state:
        conditions.append("o.state = %(state)s")
        params["state"] = state
    if customer:
        conditions.append("u.code = %(customer)s")
        params["customer"] = customer
    if before is not None:
        conditions.append(
            "(o.placed_at, o.id) < (SELECT placed_at, id FROM sales_order WHERE id = %(before)s)",
        )
        params["before"] = before
    return named_rows(
        OrderRow,
        f"""SELECT o.id, o.ref, o.state, coalesce(nullif(o.customer, ''), '') AS customer, o.tier, o.channel,
                   o.placed_at, count(l.id) AS lines, coalesce(sum(l.ordered), 0)::bigint AS ordered,
                   coalesce(sum(l.reserved), 0)::bigint AS reserved,
                   coalesce(sum(l.backordered), 0)::bigint AS backordered,
                   coalesce(sum(l.preordered), 0)::bigint AS preordered,
                   coalesce(sum(l.shipped), 0)::bigint AS shipped,
                   coalesce(sum(l.cancelled), 0)::bigint AS cancelled,
                   coalesce(sum(l.refused), 0)::bigint AS refused,
                   coalesce(sum((l.ordered - l.refused - l.cancelled) * l.unit_price), 0) AS value,
                   max(l.promise_on) AS promise_on
            FROM (SELECT o.id, o.ref, o.state, coalesce(nullif(u.name, ''), u.code) AS customer,
                         coalesce(u.tier, '') AS tier, o.channel, o.placed_at
                  FROM sales_order o LEFT JOIN customer u ON u.id = o.customer_id
                  WHERE {" AND ".join(conditions)} ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s) o
            LEFT JOIN order_line l ON l.order_id = o.id
            GROUP BY o.id, o.ref, o.state, o.customer, o.tier, o.channel, o.placed_at
            ORDER BY o.placed_at DESC, o.id DESC""",
        params,
    )
