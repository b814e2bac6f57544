"""Where lines stand at one moment, to be compared with where they stand after something was done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from raincheck.store.db import one, rows
from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A line's units and dates. `told_on` is the day that binds, `expected_on` today's estimate."""

    id: int
    ref: str
    sku: str
    name: str
    customer: str
    ship: str
    reserved: int
    waiting: int
    shipped: int
    cancelled: int
    refused: int
    told_on: date | None
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class OrderStanding:
    """An order's state and money; what the card processor was asked to do and has not answered counts as done.

    `asked` is what the law had the customer asked, as one text: another day is another question.
    """

    state: str
    captured: Decimal
    refunded: Decimal
    asked: str


def lines_deciding_with(products: Collection[int], order: int, also: Collection[int] = ()) -> dict[int, LineStanding]:
    """The open lines of these products, all lines of an order, and some more: by line."""
    found = named_rows(
        LineStanding,
        """SELECT l.id, o.ref, p.sku, p.name, coalesce(nullif(u.name, ''), u.code, '') AS customer, l.ship, l.reserved,
                  l.backordered + l.preordered AS waiting, l.shipped, l.cancelled, l.refused,
                  (SELECT max(c.told_on) FROM claim c
                   WHERE c.order_id = l.order_id AND c.line_id = l.id AND c.units > 0) AS told_on,
                  l.expected_on
           FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.id = l.product_id
           LEFT JOIN customer u ON u.id = o.customer_id
           WHERE l.id IN (SELECT line_id FROM claim WHERE product_id = ANY(%(products)s) AND units > 0
                          UNION SELECT id FROM order_line WHERE order_id = %(order)s
                          UNION SELECT unnest(%(also)s::bigint[]))
           ORDER BY l.id""",
        {"products": sorted(products), "order": order, "also": sorted(also)},
    )
    return {line.id: line for line in found}


def order_standing(order: int) -> OrderStanding:
    """The order's state, money, and what its customer was asked."""
    found = one(
        """SELECT o.state,
                  coalesce((SELECT sum(amount) FROM payment WHERE order_id = o.id AND kind = 'capture'), 0)
                  + coalesce((SELECT sum(amount) FROM card_request
                              WHERE order_id = o.id AND kind = 'capture' AND state = 'pending'), 0),
                  coalesce((SELECT sum(amount) FROM payment WHERE order_id = o.id AND kind = 'refund'), 0)
                  + coalesce((SELECT sum(amount) FROM card_request
                              WHERE order_id = o.id AND kind = 'refund' AND state = 'pending'), 0),
                  coalesce((SELECT string_agg(concat_ws(' ', k.line_id, k.stage, k.offered_on), ';' ORDER BY k.line_id)
                            FROM law_clock k JOIN order_line l ON l.id = k.line_id
                            WHERE l.order_id = o.id AND k.ended_at IS NULL AND k.vested_at IS NULL), '')
           FROM sales_order o WHERE o.id = %s""",
        [order],
    )
    return OrderStanding(*found)


def last_notice() -> int:
    """The id of the last message queued so far."""
    return int(one("SELECT coalesce(max(id), 0) FROM notice")[0])


def notices_since(notice: int, order: int, refs: Collection[str]) -> tuple[tuple[str, ...], int]:
    """What was queued after a message: the events for an order's customer, and how many messages for some others."""
    found = rows(
        """SELECT n.event, n.order_id = %s FROM notice n JOIN sales_order o ON o.id = n.order_id
           WHERE n.id > %s AND o.ref = ANY(%s) ORDER BY n.id""",
        [order, notice, sorted(refs)],
    )
    return tuple(event for event, mine in found if mine), sum(not mine for _, mine in found)


def products_named(skus: Collection[str]) -> list[int]:
    """The products with these SKUs."""
    return [id_ for (id_,) in rows("SELECT id FROM product WHERE sku = ANY(%s) ORDER BY id", [sorted(skus)])]
